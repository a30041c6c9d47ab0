//! Properties that say what they were tried on: a parser that refuses everything would keep every promise.

#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "it is shared by tests, each of which uses a part")]

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

/// Tries a property, which names the kinds of what it has met, on inputs that are the same each time. Among them must be
/// so many of each kind.
pub(crate) fn always_meets<S: Strategy>(
    cases: u32,
    inputs: &S,
    least: &[(&str, usize)],
    property: impl Fn(S::Value) -> Vec<&'static str>,
) {
    let runner = TestRunner::new_with_rng(config(cases), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let met = run(runner, inputs, property);
    for (kind, least) in least {
        assert!(met.get(kind) >= Some(least), "of {kind:?} there were too few to say anything: {met:?}");
    }
}

/// The same, and then on as many other inputs, which `PROPTEST_RNG_SEED` chooses.
pub(crate) fn holds<S: Strategy>(
    cases: u32,
    inputs: &S,
    least: &[(&str, usize)],
    property: impl Fn(S::Value) -> Vec<&'static str>,
) {
    always_meets(cases, inputs, least, &property);
    run(TestRunner::new(config(cases)), inputs, property);
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

fn run<S: Strategy>(
    mut runner: TestRunner,
    inputs: &S,
    property: impl Fn(S::Value) -> Vec<&'static str>,
) -> BTreeMap<&'static str, usize> {
    let met = RefCell::new(BTreeMap::new());
    let tried = runner.run(inputs, |input| {
        for kind in property(input) {
            *met.borrow_mut().entry(kind).or_insert(0) += 1;
        }
        Ok(())
    });
    tried.unwrap_or_else(|failed| panic!("{failed}"));
    met.into_inner()
}
