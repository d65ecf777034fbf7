//! Text in HTML, as the content of an element or as a quoted value of an attribute.

use super::visible;

/// Makes text safe to stand on one line of an HTML document: what a terminal or a CI runner could obey is shown as text,
/// and markup is escaped.
#[must_use]
pub fn text(text: &str) -> String {
    let shown = visible(text);
    let mut safe = String::with_capacity(shown.len());
    for character in shown.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_comes_back_from_a_parser(text in "(<!--|</script>|&amp;|&#60;|]]>|\"|'|<img src=x>|[\0-\x1f]|\\PC| ){0,30}") {
            let document = format!("<p title=\"{0}\">{0}</p>", super::text(&text));
            let read = roxmltree::Document::parse(&document).expect("well-formed");
            let shown = visible(&text);
            prop_assert_eq!(read.root_element().text().unwrap_or_default(), shown.as_str());
            prop_assert_eq!(read.root_element().attribute("title"), Some(shown.as_str()));
        }
    }
}
