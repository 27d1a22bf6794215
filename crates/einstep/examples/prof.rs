fn main() {
    let line = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    for line in line.lines() {
        let (p, _) = line.split_once('\t').unwrap();
        let p = p.replace("\\n", "\n");
        let t = std::time::Instant::now();
        let pr = einstep::Problem::parse(&p).unwrap();
        println!("parse {:?}", t.elapsed());
        let t = std::time::Instant::now();
        let d = pr.derive().unwrap();
        println!(
            "derive+check {:?} nodes {} {:?}",
            t.elapsed(),
            d.trace().nodes.len(),
            d.trace().check.as_ref().unwrap().reason.as_ref().map(|s| s.chars().take(200).collect::<String>())
        );
        let t = std::time::Instant::now();
        let _ = d.to_text(&Default::default());
        println!("text {:?}", t.elapsed());
        let t = std::time::Instant::now();
        let _ = d.to_latex(&Default::default());
        println!("latex {:?}", t.elapsed());
        let t = std::time::Instant::now();
        let j = d.to_json(false);
        println!("json {:?} {} bytes", t.elapsed(), j.len());
    }
}
