//! The page for contributors quotes the sources as they are.

use std::path::Path;

/// The blocks of code that name a file: the file, and the lines.
fn quotations(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut inside = false;
    for line in page.lines().map(str::trim) {
        match line.strip_prefix("```text ") {
            Some(file) => {
                found.push((file, vec![]));
                inside = true;
            }
            None if line.starts_with("```") => inside = false,
            None if inside => found.last_mut().unwrap().1.push(line),
            None => {}
        }
    }
    found
}

#[test]
fn quoted_lines_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/contributing.md")).unwrap();
    let quotations = quotations(&page);
    assert!(quotations.len() > 15, "{quotations:?}");
    for (file, lines) in quotations {
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        for line in lines {
            assert!(source.lines().any(|own| own.trim() == line), "{file} has no line `{line}`");
        }
    }
}
