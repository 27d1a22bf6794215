use einstep::check::{Options, check};
use einstep::syntax::parse_problem;
use einstep::Problem;
use std::time::Instant;
fn main() {
    for text in ["d/dx x'*B*x", "d/dX tr(V*X*W)", "d/dw norm(w)", "d/dS tr(S)", "d/dX tr(A*X*B*X'*C)", "d/dx norm(A*x - b)^4", "d/dX normF(A*X*B)", "d/dx x'*A*x/(x'*x)", "A in R^(n,n)\nd/dX tr((A*X + B)*(A*X + B)')*norm(w)"] {
        let problem = Problem::parse(text).unwrap();
        let d = problem.derive().unwrap();
        let syntax = parse_problem(text, 0).value;
        let (mut all, mut only) = (f64::MAX, f64::MAX);
        for _ in 0..40 {
            let t = Instant::now();
            let _ = problem.derive();
            all = all.min(t.elapsed().as_secs_f64());
            let t = Instant::now();
            let _ = check(d.trace(), Some(&syntax), &Options::default());
            only = only.min(t.elapsed().as_secs_f64());
        }
        println!("{text:60} derive+check {:8.1} us, check {:8.1} us, ratio {:.1}", all * 1e6, only * 1e6, only / (all - only));
    }
}
