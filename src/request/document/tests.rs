//! Good texts, texts with defects and texts that are not JSON.

use serde_json::json;

use super::*;

fn at(line: usize, column: usize) -> Position {
    Position { line, column }
}

fn refusal(text: &[u8]) -> (DocumentErrorKind, usize, usize, usize) {
    let error = Document::read(text).expect_err("the text is refused");
    (error.kind, error.position.line, error.position.column, error.offset)
}

#[test]
fn every_value_and_key_has_its_position_in_any_layout() {
    let uri = Path::root().key("references").index(1).key("uri");
    let case = |text: &str, value: Position, key: Position| {
        let document = Document::read(text.as_bytes()).expect("JSON");
        assert_eq!(document.position(&uri), value, "{text}");
        assert_eq!(document.key_position(&uri), key, "{text}");
    };
    case(r#"{"references":[{},{"uri":"x"}]}"#, at(1, 26), at(1, 20));
    case("{\n  \"references\": [{}, {\n    \"uri\":\n      \"x\"}]}", at(4, 7), at(3, 5));
    case("{\r\n  \"references\": [{}, {\r\n    \"uri\": \"x\"}]}", at(3, 12), at(3, 5));
    case("\u{feff}{\"é🙂\":0,\"references\":[{},{\"uri\":\"x\"}]}", at(1, 33), at(1, 27));
}

#[test]
fn a_missing_value_has_the_position_of_its_parent() {
    let document = Document::read(b"{\"a\": {\"b\": [1, 2]}}").expect("JSON");
    assert_eq!(document.position(&Path::root().key("a").key("c")), at(1, 7));
    assert_eq!(document.position(&Path::root().key("a").key("b").index(9)), at(1, 13));
    assert_eq!(document.position(&Path::root()), at(1, 1));
    assert_eq!(document.key_position(&Path::root().key("model")), at(1, 1));
    assert_eq!(document.key_position(&Path::root().key("a").key("b").index(1)), at(1, 17));
}

#[test]
fn a_duplicate_key_is_a_warning_and_the_last_one_wins() {
    let document = Document::read(b"{\"promptImage\": \"a\",\n \"x\": 1,\n \"promptImage\": \"b\"}").expect("JSON");
    assert_eq!(document.value(), &json!({"promptImage": "b", "x": 1}));
    let path = Path::root().key("promptImage");
    let duplicate = Warning::DuplicateKey { path: path.clone(), position: at(3, 2), before: at(1, 2) };
    assert_eq!(document.warnings(), [duplicate]);
    assert_eq!(document.position(&path), at(3, 17));
    // Keys are compared without their escapes, and only within one object.
    assert_eq!(Document::read(br#"{"ab":1,"\u0061b":2}"#).expect("JSON").warnings().len(), 1);
    assert_eq!(Document::read(br#"{"a":{"b":1},"b":2}"#).expect("JSON").warnings(), []);
}

#[test]
fn a_byte_order_mark_is_a_warning() {
    let document = Document::read(b"\xef\xbb\xbf{}").expect("JSON");
    assert_eq!((document.value(), document.warnings()), (&json!({}), &[Warning::ByteOrderMark { line: 1 }][..]));
}

#[test]
fn j01_invalid_json_is_rejected_with_its_position() {
    let syntax = |text: &[u8], line, column| {
        let (kind, at_line, at_column, _) = refusal(text);
        assert!(matches!(kind, DocumentErrorKind::Syntax(_)), "{kind:?}");
        assert_eq!((at_line, at_column), (line, column), "{}", text.escape_ascii());
    };
    syntax(b"{\"a\": 1,}", 1, 9);
    syntax(b"{\n  \"\xc3\xa9\": tru\n}", 2, 11);
    syntax(b"// no\n{}", 1, 1);
    syntax(b"{\"a\" 1}", 1, 6);
    syntax(b"{\"a\": \"b", 1, 9);
    assert_eq!(refusal(b"").0, DocumentErrorKind::Empty);
    assert_eq!(refusal(b" \n\t").0, DocumentErrorKind::Empty);
    assert_eq!(refusal(b"{}\n{}"), (DocumentErrorKind::MoreText, 2, 1, 3));
    for text in [&b"null"[..], b"[]", b"\"x\"", b"1"] {
        assert!(Document::read(text).is_ok(), "{} is JSON", text.escape_ascii());
    }
}

#[test]
fn j02_invalid_utf8_is_rejected_with_its_offset() {
    assert_eq!(refusal(b"{\n\"\xc3\xa9\": \"\xff\"}"), (DocumentErrorKind::NotUtf8, 2, 7, 9));
    assert_eq!(refusal(b"\xef\xbb\xbf\xff"), (DocumentErrorKind::NotUtf8, 1, 1, 3));
    assert_eq!(refusal(b"\xff\xfe{\0}\0").0, DocumentErrorKind::Utf16);
    assert_eq!(refusal(b"{\0\"\0").0, DocumentErrorKind::Utf16);
    assert!(matches!(refusal(br#"{"a": "\ud800\u00"}"#).0, DocumentErrorKind::Syntax(_)));
    assert!(matches!(refusal(br#"{"a": "\ud800", }"#), (DocumentErrorKind::Syntax(_), 1, 17, 16)));
    assert_eq!(Document::read(br#"["\u0000\ud83d\ude42"]"#).expect("JSON").value(), &json!(["\0🙂"]));
}

#[test]
fn j02_half_of_a_surrogate_pair_is_one_utf_16_unit() {
    let case = |text: &str, value: serde_json::Value, position: (usize, usize), count: usize| {
        let position = at(position.0, position.1);
        for document in
            [Document::read(text.as_bytes()), Document::read_one_or_lines(text).map(|mut all| all.remove(0))]
        {
            let document = document.expect("JSON");
            assert_eq!(document.value(), &value, "{text}");
            assert_eq!(document.warnings(), [Warning::LoneSurrogate { position, count }], "{text}");
        }
    };
    case(r#"{"a": "\ud800"}"#, json!({"a": "\u{fffd}"}), (1, 7), 1);
    case("{\"é\":\n [\"\\ud800\\u0041\", \"\\udc00\"]}", json!({"é": ["\u{fffd}A", "\u{fffd}"]}), (2, 3), 2);
    case(r#"{"\udc00": 1}"#, json!({"\u{fffd}": 1}), (1, 2), 1);
    let document = Document::read(br#"{"\udc00": "\ud83d\ude42"}"#).expect("JSON");
    assert_eq!(document.position(&Path::root().key("\u{fffd}")), at(1, 12));
}

#[test]
fn j04_depth_is_bounded_and_the_stack_is_safe() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Document::read(nested(127).as_bytes()).is_ok());
    assert_eq!(refusal(nested(128).as_bytes()).0, DocumentErrorKind::TooDeep);
    assert_eq!(refusal(nested(100_000).as_bytes()).0, DocumentErrorKind::TooDeep);
    assert_eq!(refusal("{\"a\":".repeat(100_000).as_bytes()).0, DocumentErrorKind::TooDeep);
}

#[test]
fn j05_numbers_are_read_as_javascript_reads_them_or_rejected() {
    assert_eq!(refusal(b"{\"seed\": 1e400}").0, DocumentErrorKind::NumberOutOfRange);
    let document = Document::read(b"[-0, 9007199254740993, 123456789012345678901234567890, 1.0]").expect("JSON");
    assert!(document.value().as_array().is_some_and(|numbers| numbers.iter().all(serde_json::Value::is_number)));
}

#[test]
fn j06_length_is_capped_and_time_is_linear() {
    let too_long = vec![b' '; MAX_LENGTH + 1];
    assert_eq!(refusal(&too_long).0, DocumentErrorKind::TooLong(MAX_LENGTH + 1));
    let urls = (0..100_000).map(|n| format!("{{\"uri\":\"https://é.example/{n}.png\"}}")).collect::<Vec<_>>();
    let text = format!("{{\"references\":[{}]}}", urls.join(","));
    let document = Document::read(text.as_bytes()).expect("JSON");
    let last = Path::root().key("references").index(99_999).key("uri");
    let before: usize = urls.iter().take(99_999).map(|url| url.chars().count() + 1).sum();
    // Counting from the start of the line would take minutes for all 100,000.
    for index in 0..100_000 {
        assert_eq!(document.position(&Path::root().key("references").index(index)).line, 1);
    }
    assert_eq!(document.position(&last), at(1, "{\"references\":[".len() + before + "{\"uri\":".len() + 1));
}

#[test]
fn j11_escapes_are_read_once() {
    let document = Document::read(br#"{"uri": "data:image\/png;base64,a\u002b\u003d"}"#).expect("JSON");
    assert_eq!(document.value(), &json!({"uri": "data:image/png;base64,a+="}));
}

#[test]
fn json_lines_keep_the_line_of_the_file() {
    let text = b"{\"a\": 1}\r\n\n  {\"a\": 2}\n";
    let documents = Document::read_one_or_lines(text).expect("JSON Lines");
    let positions: Vec<_> = documents.iter().map(|document| document.position(&Path::root().key("a"))).collect();
    assert_eq!(positions, [at(1, 7), at(3, 9)]);
    let error = Document::read_one_or_lines(b"{}\n{\"a\":}\n").expect_err("the second line is not JSON");
    assert_eq!((error.position, error.offset), (at(2, 6), 8));
    let error =
        Document::read_one_or_lines(b"{\n}\n}").expect_err("not JSON Lines: the first line alone is not a JSON text");
    assert_eq!(error.position, at(3, 1));
}

#[test]
fn every_value_of_any_body_begins_at_its_position() {
    use crate::request::embedded::EMBEDDED;
    use crate::request::generator::BodyGenerator;

    fn check(document: &Document, lines: &[&str], path: &Path, value: &Value) {
        let position = document.position(path);
        let at = lines[position.line - 1].chars().nth(position.column - 1);
        assert_eq!(at, value.to_string().chars().next(), "{path} {position:?}");
        match value {
            Value::Array(elements) => {
                elements.iter().enumerate().for_each(|(n, element)| check(document, lines, &path.index(n), element));
            }
            Value::Object(members) => {
                members.iter().for_each(|(key, member)| check(document, lines, &path.key(key), member));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    let mut generator = BodyGenerator::new(&EMBEDDED, 7);
    for (_, body) in generator.bodies() {
        let body = generator.mutated(&body);
        let pretty = serde_json::to_string_pretty(&body).expect("JSON");
        for text in [body.to_string(), pretty.replace('\n', "\r\n"), pretty] {
            let document = Document::read(text.as_bytes()).expect("JSON");
            assert_eq!(document.value(), &body);
            check(&document, &text.split('\n').collect::<Vec<_>>(), &Path::root(), &body);
        }
    }
}
