fn main() {
    let (mut ok, mut dec, mut refused, mut internal) = (0, 0, 0, 0);
    let mut same = 0;
    let mut n = 0;
    for line in std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap().lines() {
        let (p, exp) = line.split_once('\t').unwrap();
        let p = p.replace("\\n", "\n");
        let t = std::time::Instant::now();
        match einstep::Problem::parse(&p).and_then(|p| p.derive()) {
            Err(e) if e.is_internal() => {
                internal += 1;
                println!("INTERNAL {p:?}: {e}");
                if let einstep::Error::Internal(r) = &e {
                    println!(
                        "   rule {:?} {:?}",
                        r.rule,
                        r.counterexample.as_ref().map(|c| (&c.sizes, &c.left, &c.right))
                    );
                }
            }
            Err(e) => {
                refused += 1;
                if !e.to_string().contains("yet") {
                    println!("REFUSED {p:?}: {e}");
                }
            }
            Ok(d) => {
                n += 1;
                match d.status() {
                    einstep::trace::CheckStatus::Accepted => ok += 1,
                    _ => {
                        dec += 1;
                        println!("DECLINED {p:?} {:?}", d.trace().check.as_ref().unwrap().reason)
                    }
                }
                if d.answer() == Some(exp) {
                    same += 1
                } else if std::env::var("V").is_ok() {
                    println!("{p:?}\n   {:?}\n   {exp}", d.answer());
                }
                let _ = d.to_text(&Default::default());
                let _ = d.to_latex(&Default::default());
                let j = d.to_json(false);
                if einstep::trace::Derivation::from_json(&j).unwrap().nodes.len() != d.trace().nodes.len() {
                    println!("JSON");
                }
            }
        }
        let e = t.elapsed().as_millis();
        if e > 300 {
            println!("SLOW {e} ms {p:?}");
        }
    }
    println!("derived {n} accepted {ok} declined {dec} refused {refused} internal {internal} same text {same}");
}
