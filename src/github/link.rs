//! The header that names the next page
//! (<https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api>).

/// The URL of a `Link` header's next page.
pub(super) fn next(header: &str) -> Option<&str> {
    let is_next = |parameters: &str| {
        parameters.split(';').any(|parameter| matches!(parameter.trim(), r#"rel="next""# | "rel=next"))
    };
    // A URL may hold commas, and its `>` ends it.
    header.split('<').skip(1).find_map(|link| {
        let (url, parameters) = link.split_once('>')?;
        is_next(parameters.trim_end().trim_end_matches(',')).then_some(url)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_the_others() {
        let header = r#"<https://a/x?page=1>; rel="prev", <https://a/x?q=a,b&page=3>; rel="next", <https://a/x?page=9>; rel="last""#;
        assert_eq!(next(header), Some("https://a/x?q=a,b&page=3"));
        assert_eq!(next(r#"<https://a/x?page=1>; rel="first""#), None);
        assert_eq!(next(""), None);
    }
}
