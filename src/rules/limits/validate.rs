//! What can be wrong with a rules file, and where: rows that contradict themselves or each other.

use super::{Container, FieldRow, Limit, Metric, RuleSet, Source};
use crate::units::Thousandths;

impl RuleSet {
    /// Finds the first row that contradicts itself or the others: its place in bytes, and what is wrong.
    pub(super) fn fault(&self) -> Option<(usize, String)> {
        let dates = self.source.values().map(|row| (row.span().start, row.get_ref().fault()));
        let bounds = Metric::ALL.into_iter().flat_map(|measure| {
            self.table(measure).iter().map(move |row| (row.span().start, row.get_ref().fault(measure)))
        });
        let containers = self.content.containers.iter().map(|row| (row.span().start, row.get_ref().fault()));
        let fields = self.by_endpoint().values().flatten().map(|row| (row.span().start, row.get_ref().fault()));
        let read = std::iter::once((0, (!is_date(&self.read)).then(|| not_a_date("read", &self.read))));
        let own = read.chain(dates).chain(bounds).chain(containers).chain(fields);
        own.filter_map(|(at, message)| Some((at, message?))).chain(self.foreign_source()).min()
    }

    /// Finds a row whose source is not in the table of sources.
    fn foreign_source(&self) -> Option<(usize, String)> {
        let bounds = Metric::ALL.into_iter().flat_map(|measure| self.table(measure)).flat_map(|row| {
            let earlier = row.get_ref().history.iter().map(|earlier| &earlier.source);
            std::iter::once(&row.get_ref().source).chain(earlier).map(|source| (row.span().start, source))
        });
        let containers = self.content.containers.iter().map(|row| (row.span().start, &row.get_ref().source));
        let fields = self.by_endpoint().values().flatten().map(|row| (row.span().start, &row.get_ref().source));
        let (at, name) = bounds.chain(containers).chain(fields).find(|(_, name)| !self.source.contains_key(*name))?;
        let known = self.source.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        Some((at, format!("the source `{name}` is not among those of [source]: {known}")))
    }
}

impl Source {
    fn fault(&self) -> Option<String> {
        (!is_date(&self.date)).then(|| not_a_date("date", &self.date))
    }
}

impl Limit {
    fn fault(&self, measure: Metric) -> Option<String> {
        match (self.least(), self.most()) {
            (None, None) => Some("a row needs `least`, `most` or both".to_owned()),
            (Some(least), Some(most)) if least > most => {
                Some(format!("`least` is {least} and `most` is {most}: swap them"))
            }
            (None, _) | (_, None) if measure == Metric::AspectRatio => {
                Some("an aspect ratio needs both `least` and `most`".to_owned())
            }
            (Some(least), _) if measure == Metric::AspectRatio && least == Thousandths::new(0) => {
                Some("the `least` aspect ratio must be above 0".to_owned())
            }
            _ => self.history.iter().find(|row| !is_date(&row.until)).map(|row| not_a_date("until", &row.until)),
        }
    }
}

impl Container {
    fn fault(&self) -> Option<String> {
        let bad =
            self.types.iter().find(|name| !name.contains('/') || name.bytes().any(|byte| byte.is_ascii_uppercase()));
        match bad {
            Some(name) => Some(format!("`{name}` is no content type in lower case, such as `image/png`")),
            None if self.types.is_empty() => Some("a container needs one of `types` at least".to_owned()),
            None => None,
        }
    }
}

impl FieldRow {
    fn fault(&self) -> Option<String> {
        let (least, most) = (self.least.unwrap_or(0), self.most.unwrap_or(u32::MAX));
        if least > most {
            return Some(format!("`least` is {least} and `most` is {most}: swap them"));
        }
        (self.field.is_some() && self.kinds.is_empty()).then(|| "a field needs one of `kinds` at least".to_owned())
    }
}

/// Says whether a text is `2026`, `2026-09` or `2026-09-23`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &&str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [year, rest @ ..] => rest.len() <= 2 && digits(year, 4) && rest.iter().all(|part| digits(part, 2)),
        [] => false,
    }
}

fn not_a_date(key: &str, text: &str) -> String {
    format!("`{key}` is `{text}`, which is no date: write it as 2026-09-23")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedded() -> &'static str {
        include_str!("../runway.toml")
    }

    #[test]
    fn faults_are_located_and_say_how_to_mend_them() {
        let case = |from: &str, to: &str, mend: &str| {
            let text = embedded().replacen(from, to, 1);
            assert!(text != embedded(), "{from} is not in the text");
            let error = RuleSet::parse(&text).expect_err(to);
            let (before, _) = text.split_once(to).expect("the fault stands in the text");
            assert_eq!(error.line, before.matches('\n').count() + 1, "{to}: {error}");
            assert!(error.message.contains(mend), "{to}: {error}");
        };
        case("least = 0.5, most = 2.358", "leats = 0.5, most = 2.358", "unknown field `leats`");
        case("least = 0.5, most = 2.358", "least = 2.358, most = 0.5", "swap them");
        case("least = 0.5, most = 2.358", "least = -0.5, most = 2.358", "not negative");
        case("least = 0.5, most = 2.358", "least = 0.5001, most = 2.358", "at most three decimals");
        case("least = 0.5, most = 2.358", "least = \"a\", most = 2.358", "three decimals");
        case("least = 0.5, most = 2.358", "most = 2.358", "needs both");
        case("least = 0.5, most = 2.358", "least = 0, most = 2.358", "above 0");
        case(
            "{ most = 8000, source = \"troubleshooting\" }",
            "{ source = \"troubleshooting\" }",
            "`least`, `most` or both",
        );
        case(
            "kind = \"image\", format = \"webp\"",
            "kind = \"imgae\", format = \"webp\"",
            "there are image, video, audio",
        );
        case("format = \"webp\"", "format = \"webb\"", "webp");
        case("types = [\"image/png\"]", "types = [\"image/PNG\"]", "in lower case");
        case("ways = [\"upload\"], least = 512", "ways = [\"ftp\"], least = 512", "there are url, data-uri, upload");
        case("source = \"uploads\"", "source = \"upload\"", "not among those of [source]");
        case("date = \"2026-08-31\"", "date = \"yesterday\"", "write it as 2026-09-23");
        case("confidence = \"observed\"", "confidence = \"sure\"", "documented, observed, inferred");
        case("[bounds]", "[bounds", "");
        case("types = [\"image/png\"]", "types = []", "needs one of `types`");
        case("date = \"2026-08-31\"", "date = \"26-08\"", "write it as 2026-09-23");
        case("date = \"2026-08-31\"", "date = \"2026-08-3a\"", "write it as 2026-09-23");
        case("date = \"2026-08-31\"", "date = \"2026-08-31-01\"", "write it as 2026-09-23");
        let field = "models = [\"gen4_image_turbo\"], least = 1, most = 3";
        case(field, "models = [\"gen4_image_turbo\"], least = 4, most = 3", "swap them");
        case(
            "kinds = [\"image\"], models = [\"gen4_image_turbo\"]",
            "models = [\"gen4_image_turbo\"]",
            "needs one of `kinds`",
        );
    }

    #[test]
    fn both_bounds_may_be_the_same() {
        let same = |from: &str, to: &str| {
            let text = embedded().replacen(from, to, 1);
            assert!(text != embedded() && RuleSet::parse(&text).is_ok(), "{to}");
        };
        same("least = 0.5, most = 2.358", "least = 2, most = 2");
        same(
            "models = [\"gen4_image_turbo\"], least = 1, most = 3",
            "models = [\"gen4_image_turbo\"], least = 3, most = 3",
        );
    }

    #[test]
    fn columns_count_characters() {
        let error = RuleSet::parse("# é\nread = \"é\" x").expect_err("no TOML");
        assert_eq!((error.line, error.column), (2, 12));
        assert!(error.to_string().starts_with("line 2, column 12: "), "{error}");
        assert!(RuleSet::parse("").is_err());
        assert!(RuleSet::parse("\u{1b}[2J").is_err_and(|error| !error.to_string().contains('\u{1b}')));
    }
}
