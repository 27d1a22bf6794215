#![allow(missing_docs, clippy::print_stdout)]
use einstep_syntax::*;
use std::io::Read;
fn main() {
    let mut s = String::new();
    std::io::stdin().read_to_string(&mut s).unwrap();
    for line in s.lines() {
        let line = line.replace("\\n", "\n");
        let p = parse_problem(&line, 0);
        println!("=== {line}");
        for d in &p.value.declarations {
            println!(
                "   decl {:?} dims {} props {:?}",
                d.names.iter().map(|n| &n.name).collect::<Vec<_>>(),
                d.dims.len(),
                d.properties.iter().map(|n| &n.name).collect::<Vec<_>>()
            );
        }
        if let Some(q) = &p.value.question {
            println!(
                "   by {:?}: {}",
                q.by.iter().map(|v| v.name.name.clone()).collect::<Vec<_>>(),
                print(&q.body)
            );
        }
        for d in &p.diagnostics {
            println!("   {} {}", d.code.id(), d.message);
            for l in &d.labels {
                println!(
                    "      [{}] {}",
                    &line[l.span.start as usize..l.span.end as usize],
                    l.text
                );
            }
            for h in &d.help {
                println!("      help: {h}");
            }
            for f in &d.fixes {
                println!(
                    "      fix: [{}] -> [{}]",
                    &line[f.span.start as usize..f.span.end as usize],
                    f.replacement
                );
            }
        }
    }
}
