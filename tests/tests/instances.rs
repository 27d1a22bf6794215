//! Every step of every derivation is an instance of the rule that it cites, and a step that cites another rule is refused.
//!
//! Deriving runs the check, which compares each step with its rule; a derivation whose steps are no instances is an
//! internal error. Here the suite and further problems are derived, and the rules of their steps are then exchanged.

use einstep::check::{Options, Verdict, check_question};
use einstep::trace::{CheckStatus, Derivation, RuleId, RuleKind, Step};
use einstep::{Error, Problem, rules};
use einstep_tests::cases;
use std::collections::BTreeMap;

/// Problems beside those of the suite, of every kind that is derived.
const PROBLEMS: &[&str] = &[
    "d/dX tr(X)",
    "d/dX tr(X')",
    "d/dX tr(A*X)",
    "d/dX tr(X'*A)",
    "d/dX tr(A*X*B*X'*C)",
    "d/dX tr(A*X^3)",
    "d/dX tr((A*X + B)*(A*X + B)')",
    "X in R^(n,n)\nd/dX tr(X*X) + tr(X')*tr(X)",
    "d/dX tr(X'*X)*norm(w)",
    "d/dX (a'*X*b)^3",
    "d/dX a'*X*X'*b",
    "d/dX a'*(X*B + C)'*(X*B + C)*b",
    "d/dX normF(X - A)^2",
    "d/dX normF(A*X*B)",
    "d/dX normF(X)^3",
    "d/dX 1/(1 + tr(X'*A)^2)",
    "d/dX tr(X + I)",
    "d/dX tr(A*(X + I)*B)",
    "G in R^(n,n) symmetric\nd/dX tr(X'*G*X)",
    "d/dx a'*x",
    "d/dx x'*x",
    "d/dx x'*A*x/(x'*x)",
    "d/dx norm(x)",
    "d/dx norm(A*x - b)",
    "d/dx norm(A*x - b)^2 + 2*norm(x)^2",
    "d/dx (A*x)'*(B*x + c)",
    "d/dx (x'*A*x)^2*(b'*x)",
    "d/dx (a'*x + b'*x)*(c'*x - 1)",
    "d/dx (a'*x)/(b'*x + 2)^2",
    "d/dx norm(x)*x",
    "d/dx A*x + b",
    "d/dx (a'*x)*B*x",
    "d/dx x*x'*a",
    "d/dx (2*A*x)'*(3*B*x)/6",
    "d/dx sqrt(x'*x + 1)",
    "alpha in R; x in R^n\nd/dalpha alpha*x",
    "alpha in R; x in R^n\nd/dalpha norm(alpha*x)^2",
    "alpha in R; A in R^(m,n)\nd/dalpha alpha^2*A + 3*alpha*A",
    "r in R; x in R^n\nd/dx (x'*x)^r",
    "r in R^(1,n); A in R^(n,n)\nd/dA norm(r*A)",
    "r in R^(1,n); x in R^n\nd/dx norm(r' - x)",
    "A in R^(m,n); x, b in R^n\nd/dx x*b'*A'*A*x",
    "c in R; B in R^(n,n)\nd/dc (c*B - c*B')'*B + c*B",
    "c in R\nd/dc 3*c^2*c - c/2",
    "y in R^3; A in R^(3,3)\nd/dy y'*A*y",
    "d/dw norm(2*w)",
];

fn problems() -> Vec<(String, Result<Problem, Error>)> {
    let cases = cases().expect("the suite can be read");
    let suite = cases.iter().map(|case| (case.problem().expect("a case has a problem").to_string(), case.parsed()));
    suite.chain(PROBLEMS.iter().map(|text| (text.to_string(), Problem::parse(text)))).collect()
}

/// The derivations of all problems that have one.
fn derivations() -> Vec<(String, Problem, Derivation)> {
    let mut derivations = Vec::new();
    for (text, problem) in problems() {
        match problem.and_then(|problem| Ok((problem.derive()?, problem))) {
            Ok((derivation, problem)) => derivations.push((text, problem, derivation.trace().clone())),
            // The suite has refusals too; a failed check is never one.
            Err(error) => assert!(!error.is_internal() && !PROBLEMS.contains(&text.as_str()), "{text}\n{error}"),
        }
    }
    derivations
}

fn verdict(problem: &Problem, derivation: &Derivation) -> Verdict {
    check_question(derivation, Some(problem.question()), &Options::default())
}

#[test]
fn every_step_is_an_instance_of_its_rule() {
    let derivations = derivations();
    assert!(derivations.len() > PROBLEMS.len(), "only {} derivations", derivations.len());
    let refused: Vec<&str> = derivations
        .iter()
        .filter(|(.., derivation)| derivation.check.as_ref().is_none_or(|check| check.status != CheckStatus::Accepted))
        .map(|(text, ..)| text.as_str())
        .collect();
    assert!(refused.is_empty(), "these have a step that is not recognised as an instance of its rule: {refused:#?}");
}

/// The steps without finer steps, each by the path to it.
fn leaves(steps: &[Step], path: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    for (position, step) in steps.iter().enumerate() {
        path.push(position);
        if step.steps.is_empty() {
            found.push(path.clone());
        }
        leaves(&step.steps, path, found);
        path.pop();
    }
}

fn step_at<'d>(derivation: &'d mut Derivation, path: &[usize]) -> Option<&'d mut Step> {
    let (&chain, rest) = path.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let link = derivation.chains.get_mut(chain)?.links.get_mut(first)?;
    rest.iter().try_fold(link, |step, &position| step.steps.get_mut(position))
}

#[test]
fn a_step_that_cites_another_rule_is_refused() {
    let ids: Vec<&str> = rules().filter(|rule| rule.kind != RuleKind::Shape).map(|rule| rule.id).collect();
    let (mut tried, mut refused) = (0, 0);
    let mut passed: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for (text, problem, derivation) in derivations() {
        let mut paths = Vec::new();
        for (number, chain) in derivation.chains.iter().enumerate() {
            leaves(&chain.links, &mut vec![number], &mut paths);
        }
        let mut relabelled = derivation.clone();
        for (round, path) in paths.iter().enumerate() {
            let own = step_at(&mut relabelled, path).expect("a step").rule.clone();
            // A few other rules for each step, others for each step, so that every pair comes up somewhere.
            let others = ids.iter().filter(|id| **id != own.0).cycle().skip(7 * round).step_by(5).take(6);
            for other in others {
                step_at(&mut relabelled, path).expect("a step").rule = RuleId(other.to_string().into());
                tried += 1;
                match verdict(&problem, &relabelled) {
                    Verdict::Rejected(rejection) if rejection.message == "right, but not by this rule" => refused += 1,
                    Verdict::Rejected(rejection) => panic!("{text}\n{rejection:?}"),
                    _ => *passed.entry((own.0.to_string(), other)).or_default() += 1,
                }
            }
            step_at(&mut relabelled, path).expect("a step").rule = own;
        }
    }
    assert!(tried > 1000, "only {tried} tried");
    assert!(refused * 100 >= tried * 95, "{refused} of {tried} refused; passed: {passed:#?}");
}
