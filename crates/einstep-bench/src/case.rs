//! A case: one workload at one size.
//!
//! In: what is to be run, its size and what it should reach. Out: names and units. Left to others: running it (`job`).

use crate::job::Job;
use std::fmt;

/// One workload at one size.
#[derive(Debug, Clone)]
pub struct Case {
    /// The workload: `C1`.
    pub workload: &'static str,
    /// What is run: `derive`; cases with one workload and one name are a series.
    pub what: &'static str,
    /// The size, where there are several; or a name.
    pub size: Size,
    /// What its figures are counted by.
    pub per: Per,
    /// What it should reach.
    pub reach: Reach,
    /// What is run.
    pub job: Job,
}

/// The size of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Size {
    /// A number, by which growth is measured.
    Number(usize),
    /// A name, where there is no number.
    Name(String),
}

/// What the figures of a case are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Per {
    /// How many there are.
    pub count: usize,
    /// What they are: `delta`, `factor`; nothing for the case as a whole.
    pub unit: &'static str,
}

/// What a case should reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reach {
    /// Nothing is asked.
    Open,
    /// A time for each unit in µs, on a machine on which the yardstick takes [`Reach::YARD`].
    Within(f64),
    /// At least so many megabytes a second there, the units being bytes.
    Rate(f64),
}

impl Reach {
    /// The time of the yardstick on the machine for which times are given, in µs.
    pub const YARD: f64 = 600.0;

    /// The greatest time of a case in yards.
    pub fn yards(self, per: Per) -> Option<f64> {
        match self {
            Reach::Open => None,
            Reach::Within(micros) => Some(micros * per.count as f64 / Reach::YARD),
            Reach::Rate(megabytes) => Some(per.count as f64 / megabytes / Reach::YARD),
        }
    }
}

impl Case {
    /// A case of one size.
    pub fn new(workload: &'static str, what: &'static str, size: Size, job: Job) -> Case {
        Case { workload, what, size, per: Per { count: 1, unit: "" }, reach: Reach::Open, job }
    }

    /// The same with what it should reach.
    #[must_use]
    pub fn within(self, micros: f64) -> Case {
        Case { reach: Reach::Within(micros), ..self }
    }

    /// The same with figures for each of many.
    #[must_use]
    pub fn per(self, count: usize, unit: &'static str) -> Case {
        Case { per: Per { count, unit }, ..self }
    }

    /// The name of the series: `C1 derive`.
    pub fn series(&self) -> String {
        format!("{} {}", self.workload, self.what)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Size::Number(number) => write!(f, "{number}"),
            Size::Name(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.workload, self.what, self.size)
    }
}
