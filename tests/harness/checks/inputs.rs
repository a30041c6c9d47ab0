//! The reader of `action.yml`.

use crate::harness::declared_inputs::parse;

#[test]
fn all_inputs_are_found_with_their_defaults() {
    let inputs = parse(
        "name: x\ninputs:\n  command:\n    description: >-\n      default: not this\n    default: pull\n\n  # a comment\n  \
         empty:\n    description: y\n  quoted:\n    default: '1.2'\n  doubly:\n    default: \"\"\nruns:\n  using: docker\n",
    );
    let inputs: Vec<_> = inputs.iter().map(|(name, default)| (name.as_str(), default.as_str())).collect();
    assert_eq!(inputs, [("command", "pull"), ("doubly", ""), ("empty", ""), ("quoted", "1.2")]);
}

#[test]
#[should_panic(expected = "beyond this reader")]
fn a_default_that_github_would_evaluate_is_refused() {
    parse("inputs:\n  github-token:\n    default: ${{ github.token }}\n");
}
