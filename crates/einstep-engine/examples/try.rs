fn main() {
    for arg in std::env::args().skip(1) {
        let p = einstep_syntax::parse_problem(&arg, 0);
        if !p.diagnostics.is_empty() { println!("{:?}", p.diagnostics); continue; }
        match einstep_engine::derive(&p.value, &Default::default()) {
            Err(d) => for d in d { println!("{} {} {:?}", d.code.id(), d.message, d.help) },
            Ok(d) => {
                if std::env::var("Q").is_err() {
                for f in &d.shapes { println!("  # {}", f.constraint); }
                for c in &d.chains {
                    println!("{}: {}", c.id, einstep_trace::text(&d, c.left).unwrap());
                    for l in &c.links { println!("   = {}      [{}]{}", einstep_trace::text(&d, l.after).unwrap(), l.rule.0, if l.steps.is_empty() {String::new()} else {format!(" {:?}", l.steps.iter().map(|s| s.rule.0.clone()).collect::<Vec<_>>())}); }
                }
                }
                if let Err(e) = einstep_trace::Table::read(&d) { println!("TABLE {e}"); }
                println!("{}  ==> {:?} | {} | {}", arg.replace('\n', " "), d.result.text, d.result.index, d.conditions.iter().map(|c| c.text.clone()).collect::<Vec<_>>().join(", "));
            }
        }
    }
}
