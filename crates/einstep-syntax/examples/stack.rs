#![allow(missing_docs, clippy::print_stdout)]
use einstep_syntax::*;
fn main() {
    let kb: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    std::thread::Builder::new()
        .stack_size(kb << 10)
        .spawn(|| {
            let nested = |open: &str, close: &str| open.repeat(2000) + "x" + &close.repeat(2000);
            for (open, close) in [
                ("(", ")"),
                ("f(", ")"),
                ("[", "]"),
                ("x^(", ")"),
                ("x^f(", ")"),
                ("a*-b⊗-(", ")"),
                ("‖", "‖"),
                ("x^{", "}"),
                ("d/dx ", ""),
                ("d/dx (", ")"),
                ("sum[i](", ")"),
                ("a + (b*(", "))"),
                ("x^sum[i](", ")"),
            ] {
                parse_problem(&nested(open, close), 0);
                let e = parse_expression(&(open.repeat(127) + "x" + &close.repeat(127)), 0);
                print(&e.value);
                let _ = e.value.clone() == e.value;
            }
        })
        .unwrap()
        .join()
        .unwrap();
}
