//! Every workload runs at its smallest size and gives the right answer. Nothing is timed.

use einstep_bench::workloads::{cases, yardstick};

#[test]
fn every_workload_gives_the_right_answer() {
    let mut seen = Vec::new();
    for case in cases() {
        // The first of a series is the smallest; the exercises are no series, and all are run.
        if case.workload != "A" && seen.contains(&case.series()) {
            continue;
        }
        seen.push(case.series());
        assert_eq!(case.job.is_right(), Ok(true), "{case}");
    }
    assert_eq!(yardstick().job.is_right(), Ok(true));
}

#[test]
fn names_of_cases_are_unique() {
    let mut names: Vec<String> = cases().iter().map(ToString::to_string).collect();
    names.sort();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
