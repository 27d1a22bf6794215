//! Derivations that the checker must accept, and derivations that it must refuse.

mod accepted;
mod corpus;
mod examples;
mod functions;
mod hostile;
mod lemmas;
mod rejected;
mod support;
