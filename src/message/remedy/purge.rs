//! The words for how a purge is finished.

pub(super) fn finish(is_locked: bool, actions: &[&str], of_head: bool) -> String {
    let mut sentences = Vec::new();
    if is_locked {
        sentences.push("What Object Lock keeps can be removed when its retention or legal hold has ended.".to_owned());
    }
    if !actions.is_empty() {
        sentences.push(format!("Allow {} on these objects.", actions.join(", ")));
    }
    let again = "Then run the same purge again: it finishes this one.";
    let until = if of_head {
        "What is pushed to the head until then goes, too."
    } else {
        "Until then nobody can push that name."
    };
    sentences.push(format!("{again} {until}"));
    sentences.join(" ")
}
