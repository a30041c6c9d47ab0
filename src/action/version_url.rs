//! The page on GitHub on which a person sees where a version was pushed from.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::store::PushSource;

/// What stands in a URL as it is.
const AS_IT_IS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The release of which a push was a part, else the run that pushed; none of a push from elsewhere. `server`: where
/// GitHub is.
pub(super) fn version_url(server: &str, source: &PushSource) -> Option<String> {
    let (server, repository) = (server.trim_end_matches('/'), source.repository.as_deref()?);
    let tag = source.git_ref.as_deref().and_then(|name| name.strip_prefix("refs/tags/"));
    if let (Some("release"), Some(tag)) = (source.event.as_deref(), tag) {
        return Some(format!("{server}/{repository}/releases/tag/{}", utf8_percent_encode(tag, AS_IT_IS)));
    }
    Some(format!("{server}/{repository}/actions/runs/{}", source.run_id.as_deref()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_else_the_run() {
        let text = |text: &str| Some(text.to_owned());
        let run = PushSource { repository: text("acme/shop"), run_id: text("42"), ..PushSource::default() };
        let url = |source: &PushSource| version_url("https://github.com/", source);
        assert_eq!(url(&run), text("https://github.com/acme/shop/actions/runs/42"));
        let tag = PushSource { git_ref: text("refs/tags/v1#a"), event: text("push"), ..run.clone() };
        assert_eq!(url(&tag), url(&run));
        let release = PushSource { event: text("release"), ..tag };
        assert_eq!(url(&release), text("https://github.com/acme/shop/releases/tag/v1%23a"));
        assert_eq!(url(&PushSource { author: text("Mona"), ..PushSource::default() }), None);
    }
}
