//! SARIF 2.1.0: plain text without links and placeholders, and URIs that stay inside the repository.

use super::visible;
use crate::text::percent;

/// Formats text as a SARIF message: doubles braces (section 3.11.5) and breaks links (3.11.6). Newlines are kept.
#[must_use]
pub fn message(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(visible).collect();
    lines.join("\n").replace('{', "{{").replace('}', "}}").replace("](", "]\\x28")
}

/// Normalizes a path relative to the root of the repository; `None` if it is absolute, or leads outside.
#[must_use]
pub fn relative_path(path: &[u8]) -> Option<String> {
    let drive = path.first().is_some_and(u8::is_ascii_alphabetic) && path.get(1) == Some(&b':');
    if drive || matches!(path.first(), Some(b'/' | b'\\')) {
        return None;
    }
    let mut segments: Vec<&[u8]> = Vec::new();
    for segment in path.split(|byte| *byte == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => {
                segments.pop()?;
            }
            // On Windows a backslash is a slash.
            segment if segment.split(|byte| *byte == b'\\').any(|part| part == b"..") => return None,
            segment => segments.push(segment),
        }
    }
    let segments: Vec<String> = segments.into_iter().map(|part| String::from_utf8_lossy(part).into_owned()).collect();
    (!segments.is_empty()).then(|| segments.join("/"))
}

/// Writes a normalized path as a relative URI. No segment is read as a scheme: a colon is encoded.
#[must_use]
pub fn encoded_path(path: &str) -> String {
    path.split('/').map(percent::encode).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    /// Reads a message as a viewer does: fails at links, and turns doubled braces into single ones.
    fn read(message: &str) -> String {
        assert!(!message.contains("]("), "{message}");
        let mut text = String::new();
        let mut characters = message.chars().peekable();
        while let Some(character) = characters.next() {
            if matches!(character, '{' | '}') {
                assert_eq!(characters.next(), Some(character), "a placeholder in {message}");
            }
            text.push(character);
        }
        text
    }

    proptest! {
        #[test]
        fn any_text_is_a_message_without_links(text in "(\\[a\\]\\(https://h\\)|\\{0\\}|\\{|\\}|\\]|\\(|\n|\\PC){0,30}") {
            let lines: Vec<String> = text.split('\n').map(visible).collect();
            prop_assert_eq!(read(&message(&text)), lines.join("\n").replace("](", "]\\x28"));
        }

        #[test]
        fn any_path_stays_below_the_root(path in "(\\.\\./|\\./|/|a|%|:|\\\\|\\?|#|é|@|\n|\\PC){0,20}") {
            if let Some(uri) = relative_path(path.as_bytes()).map(|path| encoded_path(&path)) {
                let root = Url::parse("https://host.invalid/root/folder/").expect("a URL");
                let url = root.join(&uri).expect("a relative reference");
                prop_assert!(url.as_str().starts_with(root.as_str()), "{}", url);
                prop_assert!(url.query().is_none() && url.fragment().is_none(), "{}", url);
                let own = url.path().strip_prefix("/root/folder/").expect("below the root");
                prop_assert_eq!(own, uri);
            }
        }
    }

    #[test]
    fn known_paths() {
        let case = |path: &str, uri: Option<&str>| {
            assert_eq!(relative_path(path.as_bytes()).map(|path| encoded_path(&path)).as_deref(), uri, "{path}");
        };
        case("lists/assets.txt", Some("lists/assets.txt"));
        case("./a b.txt", Some("a%20b.txt"));
        case("a/../b.txt", Some("b.txt"));
        case("x:y", None);
        case("xx:y", Some("xx%3Ay"));
        case("../a.txt", None);
        case("a/../../b", None);
        case("/etc/passwd", None);
        case("//host/a", None);
        case("C:\\a.txt", None);
        case("\\\\host\\share", None);
        case("a\\..\\..\\b", None);
        case("", None);
        case(".", None);
    }
}
