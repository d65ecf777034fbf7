//! The secrets of a URL that its host repeats, in whichever encoding: an error page that quotes the request, a redirect that
//! passes it on, a header.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::Range;

use ::url::Url;

use super::{QueryRedaction, REDACTED, normalize, path, query, redact_url};
use crate::data_uri::encode as base64;
use crate::text::percent;
use crate::text::untrusted::UntrustedText;

/// The secrets of one URL, to be redacted in everything that its host says.
#[derive(Clone, Debug, Default)]
pub struct ReflectedSecrets {
    /// All runs of [`MIN_SECRET`] normalized bytes of the secrets, packed and sorted.
    runs: Vec<u64>,
    /// The secrets that are shorter than [`MIN_RUN`], normalized.
    short: Vec<Vec<u8>>,
}

/// The shortest secret, in normalized bytes: shorter values are words such as `png`, and are found everywhere.
const MIN_SECRET: usize = 6;

/// The shortest part of a longer secret that is redacted, in characters.
const MIN_RUN: usize = 8;

/// How many URLs may be nested in the values of a URL.
const MAX_NESTING: usize = 4;

impl ReflectedSecrets {
    /// Collects the secrets of a URL: values of its query, user, password, fragment, and known secrets of its path.
    #[must_use]
    pub fn of_url(url: &Url) -> Self {
        let mut secrets = Self::default();
        secrets.add_url(url, 0);
        secrets.runs.sort_unstable();
        secrets.runs.dedup();
        if !secrets.runs.is_empty() {
            // The parts of the URL that reports print are not secret, such as a host that is also the user name.
            let printed = redact_url(url.as_str(), QueryRedaction::Redact);
            let printed = normalize::normalize(printed.split('?').next().unwrap_or_default());
            let printed: HashSet<u64> = printed.windows(MIN_SECRET).map(packed).collect();
            secrets.runs.retain(|run| !printed.contains(run));
        }
        secrets
    }

    /// Reports whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Reports whether a text contains one.
    #[must_use]
    pub fn is_in(&self, text: &UntrustedText) -> bool {
        let text = String::from_utf8_lossy(text.as_bytes());
        self.redact(&text) != text
    }

    fn add_url(&mut self, url: &Url, depth: usize) {
        let values = query::secrets(url.query().unwrap_or_default()).chain([url.username()]);
        let values = values.chain(url.password()).chain(url.fragment());
        for value in values.chain(path::secrets(url.host_str().unwrap_or_default(), url.path())) {
            let decoded = percent::decode(value);
            match Url::parse(&decoded) {
                // The host of a nested URL is not secret, and may be that of a redirect.
                Ok(nested) if nested.has_host() && depth < MAX_NESTING => {
                    self.add(nested.path());
                    self.add_url(&nested, depth + 1);
                }
                Ok(_) | Err(_) => self.add(value),
            }
        }
    }

    /// Adds a value as it is in a URL, percent-encoded.
    fn add(&mut self, value: &str) {
        let plain = percent::decode(value);
        if normalize::normalize(value).len() < MIN_SECRET {
            return;
        }
        self.add_form(value);
        self.add_form(&hex(plain.as_bytes()));
        for text in [Some(value), (plain != value).then_some(&*plain)].into_iter().flatten() {
            for shift in 0..3 {
                self.add_form(&base64_core(text.as_bytes(), shift));
            }
        }
    }

    fn add_form(&mut self, form: &str) {
        let normalized = normalize::normalize(form);
        self.runs.extend(normalized.windows(MIN_SECRET).map(packed));
        if (MIN_SECRET..MIN_RUN).contains(&normalized.len()) {
            self.short.push(normalized);
        }
    }

    /// Redacts every run of eight characters or more that a text has in common with a secret, and every secret.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        if self.runs.is_empty() || text.len() < MIN_SECRET {
            return text.to_owned();
        }
        let all = normalize::decode(text);
        let kept: Vec<usize> =
            (0..all.len()).filter(|at| all.get(*at).is_some_and(|unit| !unit.is_dropped())).collect();
        let normalized: Vec<u8> = kept.iter().filter_map(|at| all.get(*at)).map(|unit| unit.byte).collect();
        let windows = normalized.windows(MIN_SECRET).enumerate();
        let found = windows
            .filter(|(_, window)| self.runs.binary_search(&packed(window)).is_ok())
            .map(|(at, _)| at..at + MIN_SECRET);
        let is_long = |run: &Range<usize>| run.len() >= MIN_RUN;
        // A run is from the first to the last of its units, with what was dropped between them.
        let found = merged(found).into_iter().filter_map(|run| {
            let units = *kept.get(run.start)?..*kept.get(run.end - 1)? + 1;
            let text = normalized.get(run)?;
            let is_whole = || self.short.iter().any(|short| text.windows(short.len()).any(|part| part == short));
            (is_long(&units) || is_whole()).then_some(units)
        });
        let is_padding = |at: usize| all.get(at).is_some_and(|unit| unit.byte == b'=');
        let mut redacted = String::with_capacity(text.len());
        let mut from = 0;
        for mut run in found {
            while is_padding(run.end) {
                run.end += 1;
            }
            let Some((first, last)) = all.get(run.start).zip(all.get(run.end - 1)) else { continue };
            redacted.push_str(text.get(from..first.range().start).unwrap_or_default());
            redacted.push_str(REDACTED);
            from = last.range().end;
        }
        redacted + text.get(from..).unwrap_or_default()
    }
}

/// Packs the bytes of a run into a number.
fn packed(run: &[u8]) -> u64 {
    run.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Joins ranges, in order, that overlap or touch.
fn merged(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            Some(_) | None => merged.push(range),
        }
    }
    merged
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Returns the part of a base64 text that does not depend on what surrounds the value, `shift` bytes into a group.
fn base64_core(plain: &[u8], shift: usize) -> String {
    let whole = base64(&[&[0].repeat(shift), plain].concat());
    let skipped = [0, 2, 3].get(shift).copied().unwrap_or_default();
    let whole = whole.trim_end_matches('=');
    // The last character holds bits of what follows, unless a group ends there.
    let end = whole.len().saturating_sub(usize::from(!plain.len().saturating_add(shift).is_multiple_of(3)));
    whole.get(skipped..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secrets(query: &str) -> ReflectedSecrets {
        ReflectedSecrets::of_url(&Url::parse(&format!("https://h.com/a?{query}")).expect("a URL"))
    }

    #[test]
    fn every_encoding_is_redacted() {
        let secrets = secrets("sig=wJalr%2FbPx%2BRf%3D&s=short");
        for said in [
            "wJalr%2FbPx%2BRf%3D",
            "wJalr%2fbPx%2BRf%3d",
            "wJalr%252FbPx%252BRf%253D",
            "wJalr/bPx+Rf=",
            "wJalr/bPx Rf=",
            "wJalr_bPx-Rf",
            "wJalr\\/bPx\\u002bRf\\u003d",
            "wJalr&#x2f;bPx&#43;Rf&#61;",
            "WJALR/BPX+RF",
            "wJa\u{200b}lr/bP x+Rf",
            "774a616c722f6250782b52663d",
            "774A616C722F6250782B52663D",
        ] {
            assert_eq!(secrets.redact(&format!("<{said}>")), "<[redacted]>", "{said}");
        }
        assert_eq!(secrets.redact("a short word"), "a short word");
        assert_eq!(secrets.redact("next/wJalr/bPx+Rf=/a.png"), "next/[redacted]/a.png");
        // Eight characters in common are enough, with whatever is before and after them.
        assert_eq!(secrets.redact("xx-alr/bPx+R-yy"), "xx-[redacted]-yy");
        assert_eq!(secrets.redact("alr/bPx"), "alr/bPx");
    }

    #[test]
    fn all_secrets_of_a_url_count() {
        let url = "https://userName:passWord@api.telegram.org/bot123:AAHdqTcv/a?w=1024x1024&next=https%3A%2F%2Fh.com%2Fpath-0123456789#fragment01";
        let secrets = ReflectedSecrets::of_url(&Url::parse(url).expect("a URL"));
        for said in ["userName", "passWord", "123:AAHdqTcv", "path-0123456789", "fragment01"] {
            assert!(!secrets.redact(&format!("no {said} here")).contains(said), "{said}");
        }
        let user = ReflectedSecrets::of_url(&Url::parse("https://good.example.org@evil.example.org/").expect("a URL"));
        assert_eq!(user.redact("the host is evil.example.org"), "the host is evil.example.org");
        for said in ["1024x1024", "https://h.com", "api.telegram.org"] {
            assert_eq!(secrets.redact(said), said);
        }
    }

    proptest! {
        #[test]
        fn base64_is_found_wherever_it_begins(
            secret in "[a-zA-Z0-9/+=]{12,40}",
            before in proptest::collection::vec(any::<u8>(), 0..9),
            after in proptest::collection::vec(any::<u8>(), 0..9),
        ) {
            prop_assume!(normalize::normalize(&secret).len() >= 9);
            let url = Url::parse(&format!("https://h.com/?s={}", percent::encode(&secret))).expect("a URL");
            let secrets = ReflectedSecrets::of_url(&url);
            let said = [before.as_slice(), secret.as_bytes(), after.as_slice()].concat();
            let standard = base64(&said);
            let url_safe = standard.replace('+', "-").replace('/', "_");
            for text in [standard, url_safe] {
                prop_assert!(secrets.redact(&text).contains(REDACTED), "{} in {}", secret, text);
            }
        }

        #[test]
        fn any_text_can_be_redacted(text in ".{0,200}", secret in "[!-~]{0,40}") {
            let url = Url::parse(&format!("https://h.com/?s={}", percent::encode(&secret))).expect("a URL");
            let _ = ReflectedSecrets::of_url(&url).redact(&text);
        }
    }

    #[test]
    fn long_urls_take_linear_time() {
        let shortest = |length: usize| {
            let letters = |step: usize| -> String {
                (0..length)
                    .map(|at| char::from(b'a' + u8::try_from((at * step + at * at / 3) % 26).expect("a letter")))
                    .collect()
            };
            let url = Url::parse(&format!("https://h.com/{}?a={}", letters(7), letters(5))).expect("a URL");
            let times = (0..3).map(|_| {
                let start = std::time::Instant::now();
                assert!(!ReflectedSecrets::of_url(&url).is_empty());
                start.elapsed()
            });
            times.min().expect("a time")
        };
        let (short, long) = (shortest(8_000), shortest(32_000));
        assert!(long < short * 8, "four times the text took {long:?} instead of {short:?}");
    }
}
