//! The README's own commands: each runs, and prints what the README says it prints. `…` stands for anything within a line.

use std::process::Command;

/// The commands of the `console` blocks, each with the lines that follow it.
fn commands(text: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match line.strip_prefix("$ ") {
                Some(command) => commands.push((command.to_string(), String::new())),
                None => {
                    let (_, output) = commands.last_mut().expect("output follows a command");
                    output.push_str(line);
                    output.push('\n');
                }
            },
        }
    }
    commands
}

/// Words as a shell splits them: blanks separate, double quotes hold together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![];
    for (position, part) in command.split('"').enumerate() {
        if position % 2 == 1 {
            words.push(part.to_string());
        } else {
            words.extend(part.split_whitespace().map(String::from));
        }
    }
    words
}

/// Whether an output is the one that is expected.
fn is_expected(output: &str, expected: &str) -> bool {
    let alike = |(line, expected): (&str, &str)| match expected.split_once('…') {
        Some((start, end)) => line.len() >= start.len() + end.len() && line.starts_with(start) && line.ends_with(end),
        None => line == expected,
    };
    output.lines().count() == expected.lines().count() && output.lines().zip(expected.lines()).all(alike)
}

#[test]
fn the_commands_of_the_readme_do_what_it_says() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let text = std::fs::read_to_string(readme).expect("the README can be read");
    let mut run = 0;
    for (command, expected) in commands(&text) {
        let args = words(&command);
        let args = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["cargo", "run", "--release", "--", ..] => &args[4..],
            ["einstep", ..] => &args[1..],
            ["cargo", "test"] => continue,
            _ => panic!("a command that is not tested: {command}"),
        };
        let mut einstep = Command::new(env!("CARGO_BIN_EXE_einstep"));
        let output = einstep.args(args).current_dir(env!("CARGO_TARGET_TMPDIR")).output().expect("einstep runs");
        let stdout = String::from_utf8(output.stdout).expect("text");
        // A wrong answer is found, and that is what the README shows.
        let found = args.first().is_some_and(|arg| arg == "verify") && output.status.code() == Some(1);
        assert!(found || output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        if !expected.is_empty() {
            assert!(is_expected(&stdout, &expected), "{command}:\n{stdout}");
        } else if !args.iter().any(|arg| arg == "--output") {
            assert!(["checked: ", ": accepted: "].iter().any(|word| stdout.contains(word)), "{command}:\n{stdout}");
        }
        run += 1;
    }
    assert!(run >= 4, "only {run} commands");
}
