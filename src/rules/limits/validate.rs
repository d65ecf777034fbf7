//! The validation of a rules file: rows that contradict themselves or each other.

use jiff::civil::Date;

use super::{Container, FieldRow, Limit, Metric, RuleSet, RuleSource};
use crate::units::Thousandths;

impl RuleSet {
    /// Finds the first row that contradicts itself or others: its position in bytes, and what is wrong.
    pub(super) fn validate(&self) -> Option<(usize, String)> {
        let dates = self.source.values().map(|row| (row.span().start, row.get_ref().validate()));
        let limits = Metric::ALL.iter().flat_map(|metric| {
            let metric = *metric;
            self.table(metric).iter().map(move |row| (row.span().start, row.get_ref().validate(metric)))
        });
        let containers = self.content.containers.iter().map(|row| (row.span().start, row.get_ref().validate()));
        let fields = self.by_endpoint().values().flatten().map(|row| (row.span().start, row.get_ref().validate()));
        let read = std::iter::once((0, (!is_date(&self.read)).then(|| not_a_date("read", &self.read))));
        let own = read.chain(dates).chain(limits).chain(containers).chain(fields);
        own.filter_map(|(at, message)| Some((at, message?))).chain(self.unknown_source()).min()
    }

    /// Finds a row whose source is not in the table of sources.
    fn unknown_source(&self) -> Option<(usize, String)> {
        let limits = Metric::ALL.iter().flat_map(|metric| self.table(*metric)).flat_map(|row| {
            let previous = row.get_ref().history.iter().map(|previous| &previous.source);
            std::iter::once(&row.get_ref().source).chain(previous).map(|source| (row.span().start, source))
        });
        let containers = self.content.containers.iter().map(|row| (row.span().start, &row.get_ref().source));
        let fields = self.by_endpoint().values().flatten().map(|row| (row.span().start, &row.get_ref().source));
        let (at, name) = limits.chain(containers).chain(fields).find(|(_, name)| !self.source.contains_key(*name))?;
        let known = self.source.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        Some((at, format!("unknown source `{name}`, [source] has {known}")))
    }
}

impl RuleSource {
    fn validate(&self) -> Option<String> {
        (!is_date(&self.date)).then(|| not_a_date("date", &self.date))
    }
}

impl Limit {
    fn validate(&self, metric: Metric) -> Option<String> {
        match (self.min(), self.max()) {
            (None, None) => Some("a row needs `min`, `max` or both".to_owned()),
            (Some(least), Some(most)) if least > most => {
                Some(format!("`min` is {least} and `max` is {most}: swap them"))
            }
            (None, _) | (_, None) if metric == Metric::AspectRatio => {
                Some("an aspect ratio needs both `min` and `max`".to_owned())
            }
            (Some(min), _) if metric == Metric::AspectRatio && min == Thousandths::new(0) => {
                Some("the `min` aspect ratio must be above 0".to_owned())
            }
            _ => self.history.iter().find(|row| !is_date(&row.until)).map(|row| not_a_date("until", &row.until)),
        }
    }
}

impl Container {
    fn validate(&self) -> Option<String> {
        let bad =
            self.types.iter().find(|name| !name.contains('/') || name.bytes().any(|byte| byte.is_ascii_uppercase()));
        match bad {
            Some(name) => Some(format!("`{name}` is not a content type in lower case, such as `image/png`")),
            None if self.types.is_empty() => Some("a container needs at least one of `types`".to_owned()),
            None => None,
        }
    }
}

impl FieldRow {
    fn validate(&self) -> Option<String> {
        let (min, max) = (self.min.unwrap_or(0), self.max.unwrap_or(u32::MAX));
        if min > max {
            return Some(format!("`min` is {min} and `max` is {max}: swap them"));
        }
        (self.field.is_some() && self.kinds.is_empty()).then(|| "a field needs at least one of `kinds`".to_owned())
    }
}

/// Reports whether a text is `2026`, `2026-09` or `2026-09-23`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &&str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let are_digits = match parts.as_slice() {
        [year, rest @ ..] => rest.len() <= 2 && digits(year, 4) && rest.iter().all(|part| digits(part, 2)),
        [] => false,
    };
    // A date without its day or month is as valid as its first day.
    are_digits && [text, "-01-01"].concat().get(..10).is_some_and(|day| day.parse::<Date>().is_ok())
}

fn not_a_date(key: &str, text: &str) -> String {
    format!("`{key}` is `{text}`, which is not a date: write it as 2026-09-23")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedded() -> &'static str {
        include_str!("../runway.toml")
    }

    #[test]
    fn errors_have_a_line_and_state_what_is_valid() {
        let case = |from: &str, to: &str, hint: &str| {
            let text = embedded().replacen(from, to, 1);
            assert!(text != embedded(), "{from} is not in the text");
            let error = RuleSet::parse(&text).expect_err(to);
            let (before, _) = text.split_once(to).expect("the error is in the text");
            assert_eq!(error.line, before.matches('\n').count() + 1, "{to}: {error}");
            assert!(error.message.contains(hint), "{to}: {error}");
        };
        case("min = 0.5, max = 2.358", "mni = 0.5, max = 2.358", "unknown field `mni`");
        case("min = 0.5, max = 2.358", "min = 2.358, max = 0.5", "swap them");
        case("min = 0.5, max = 2.358", "min = -0.5, max = 2.358", "not negative");
        case("min = 0.5, max = 2.358", "min = 0.5001, max = 2.358", "at most three decimals");
        case("min = 0.5, max = 2.358", "min = \"a\", max = 2.358", "three decimals");
        case("min = 0.5, max = 2.358", "max = 2.358", "needs both");
        case("min = 0.5, max = 2.358", "min = 0, max = 2.358", "above 0");
        case(
            "{ max = 8000, source = \"troubleshooting\" }",
            "{ source = \"troubleshooting\" }",
            "`min`, `max` or both",
        );
        case(
            "kind = \"image\", format = \"webp\"",
            "kind = \"imgae\", format = \"webp\"",
            "expected one of image, video, audio",
        );
        case("format = \"webp\"", "format = \"webb\"", "webp");
        case("types = [\"image/png\"]", "types = [\"image/PNG\"]", "in lower case");
        case(
            "transports = [\"upload\"], min = 512",
            "transports = [\"ftp\"], min = 512",
            "expected one of url, data-uri, upload",
        );
        case("source = \"uploads\"", "source = \"upload\"", "unknown source `upload`");
        case("date = \"2026-08-31\"", "date = \"yesterday\"", "write it as 2026-09-23");
        case("confidence = \"observed\"", "confidence = \"sure\"", "documented, observed, inferred");
        case("[limits]", "[limits", "");
        case("types = [\"image/png\"]", "types = []", "at least one of `types`");
        case("date = \"2026-08-31\"", "date = \"26-08\"", "write it as 2026-09-23");
        case("date = \"2026-08-31\"", "date = \"2026-08-3a\"", "write it as 2026-09-23");
        case("date = \"2026-08-31\"", "date = \"2026-08-31-01\"", "write it as 2026-09-23");
        case("date = \"2026-08-31\"", "date = \"2026-13\"", "write it as 2026-09-23");
        case("date = \"2026-08-31\"", "date = \"2026-02-30\"", "write it as 2026-09-23");
        case("models = [\"gen4_image_turbo\"]", "models = []", "the list is empty: leave the key out");
        case("models = [\"gen4_image_turbo\"]", "models = [\"\"]", "a name in the list is empty");
        case("transports = [\"upload\"], min = 512", "transports = [], min = 512", "the list is empty");
        let field = "models = [\"gen4_image_turbo\"], min = 1, max = 3";
        case(field, "models = [\"gen4_image_turbo\"], min = 4, max = 3", "swap them");
        case(
            "kinds = [\"image\"], models = [\"gen4_image_turbo\"]",
            "models = [\"gen4_image_turbo\"]",
            "at least one of `kinds`",
        );
    }

    #[test]
    fn both_bounds_may_be_the_same() {
        let same = |from: &str, to: &str| {
            let text = embedded().replacen(from, to, 1);
            assert!(text != embedded() && RuleSet::parse(&text).is_ok(), "{to}");
        };
        same("min = 0.5, max = 2.358", "min = 2, max = 2");
        same("models = [\"gen4_image_turbo\"], min = 1, max = 3", "models = [\"gen4_image_turbo\"], min = 3, max = 3");
    }

    #[test]
    fn columns_count_characters() {
        let error = RuleSet::parse("# é\nread = \"é\" x").expect_err("not TOML");
        assert_eq!((error.line, error.column), (2, 12));
        assert!(error.to_string().starts_with("line 2, column 12: "), "{error}");
        assert!(RuleSet::parse("").is_err());
        assert!(RuleSet::parse("\u{1b}[2J").is_err_and(|error| !error.to_string().contains('\u{1b}')));
    }
}
