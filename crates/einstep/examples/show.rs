fn main() {
    for arg in std::env::args().skip(1) {
        match einstep::Problem::parse(&arg).and_then(|p| p.derive()) {
            Err(e) => println!("{e}\n{e:?}"),
            Ok(d) => println!(
                "{}",
                d.to_text(&einstep::TextOptions {
                    width: 120,
                    color: false,
                    detail: if std::env::var("F").is_ok() { einstep::Detail::Full } else { einstep::Detail::Notes }
                })
            ),
        }
    }
}
