//! As much XML as S3's listings need: elements without attributes that do not hold elements of their own name.

/// The insides of all elements of a name, in order.
pub(crate) fn all<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut rest = xml;
    while let Some((_, after)) = rest.split_once(open.as_str()) {
        let (inside, after) = after.split_once(close.as_str()).expect("an element ends");
        found.push(inside);
        rest = after;
    }
    found
}

/// The text of the first element of a name.
pub(crate) fn text(xml: &str, name: &str) -> Option<String> {
    all(xml, name).first().map(|inside| {
        let text = inside.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
        text.replace("&#39;", "'").replace("&amp;", "&")
    })
}
