//! The words for how a purge is finished.

pub(super) fn finish(is_locked: bool, actions: &[&str]) -> String {
    let mut sentences = Vec::new();
    if is_locked {
        sentences.push("What Object Lock keeps can be removed when its retention or legal hold has ended.".to_owned());
    }
    if !actions.is_empty() {
        sentences.push(format!("Allow {} on these objects.", actions.join(", ")));
    }
    sentences
        .push("Then run the same purge again: it finishes this one. Until then nobody can push that name.".to_owned());
    sentences.join(" ")
}
