//! The `einstep` command as a user runs it: the built binary, its output, its exit codes.

mod batch;
mod check;
mod commands;
mod support;
