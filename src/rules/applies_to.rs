//! Where a rule applies, and what an asset is for: the two are matched here and nowhere else.

use std::cmp::Reverse;

use crate::finding::Transport;
use crate::media::Kind;

/// What an asset is for, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scope<'a> {
    /// How it is sent.
    pub(super) transport: Option<Transport>,
    /// The kind that it is checked as.
    pub(super) kind: Option<Kind>,
    /// The model, if the rules contain it.
    pub(super) model: Option<&'a str>,
    /// The endpoint, as a path below `/v1/`.
    pub(super) endpoint: Option<&'a str>,
    /// The request field.
    pub(super) field: Option<&'a str>,
}

/// Where a row applies; an empty list means everywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct AppliesTo<'a> {
    pub(super) transports: &'a [Transport],
    pub(super) kind: Option<Kind>,
    pub(super) models: &'a [String],
    pub(super) endpoints: &'a [String],
    pub(super) fields: &'a [String],
}

impl AppliesTo<'_> {
    /// Reports whether a row applies to an asset.
    ///
    /// A row that names models applies only if the model is known, and a row that names only endpoints only if the
    /// endpoint is known. Otherwise, unknown facts about the asset exclude no row.
    pub(super) fn contains(self, scope: Scope<'_>) -> bool {
        let transport =
            self.transports.is_empty() || scope.transport.is_some_and(|transport| self.transports.contains(&transport));
        let model = self.models.is_empty() || scope.model.is_some_and(|model| has(self.models, model));
        let endpoint = match scope.endpoint {
            Some(endpoint) => self.endpoints.is_empty() || has(self.endpoints, endpoint),
            None => self.endpoints.is_empty() || !self.models.is_empty(),
        };
        transport && model && endpoint && self.overlaps(scope)
    }

    /// Reports whether the kind, the field and the endpoint are compatible.
    pub(super) fn overlaps(self, scope: Scope<'_>) -> bool {
        let kind = self.kind.is_none() || scope.kind.is_none() || self.kind == scope.kind;
        let has_field = |field: &str| self.fields.is_empty() || has(self.fields, &without_indexes(field));
        let field = scope.field.is_none_or(has_field);
        let endpoint = scope.endpoint.is_none_or(|endpoint| self.endpoints.is_empty() || has(self.endpoints, endpoint));
        kind && field && endpoint
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known == name)
}

/// Returns a field without its indexes and without a final `.uri`: `references[3].uri` becomes `references`. The
/// spellings of Python (`prompt_image`) and of validators (`references.3.uri`) are normalized as well.
pub(super) fn without_indexes(field: &str) -> String {
    let mut plain = String::with_capacity(field.len());
    for part in field.split('[') {
        // What is before the first bracket is kept whole; every other part begins with an index.
        let kept = if plain.is_empty() { part } else { part.split_once(']').map_or(part, |(_, rest)| rest) };
        plain.push_str(kept);
    }
    let is_index = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<String> = plain.split('.').filter(|part| !is_index(part)).map(camel_case).collect();
    let plain = parts.join(".");
    let plain = plain.strip_suffix(".uri").unwrap_or(&plain);
    if plain.starts_with("nodeOutputs.") { "nodeOutputs".to_owned() } else { plain.to_owned() }
}

/// Writes `prompt_image` as `promptImage`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut joined, word| {
        let mut letters = word.chars();
        joined.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        joined.push_str(letters.as_str());
        joined
    })
}

/// Returns the known name that is closest to an unknown one, if any is close; of several, one that keeps every letter.
#[must_use]
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    if name.len() > MAX_NAME {
        return None;
    }
    let lower = name.to_lowercase();
    let rank = |known: &&'a str| (distance(&lower, &known.to_lowercase()), Reverse(known.len()), *known);
    let (distance, _, nearest) = known.iter().map(rank).min()?;
    (distance <= (name.chars().count() / 3).max(1)).then_some(nearest)
}

/// The longest name that is compared, in bytes; the longest published name has 31.
const MAX_NAME: usize = 64;

/// Returns the Damerau-Levenshtein distance (optimal string alignment) of two names.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, letter) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in to.iter().enumerate() {
            let mut best = (rows[i][j] + usize::from(letter != other)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from[i - 1] == *other && to[j - 1] == *letter {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_lose_their_indexes() {
        let case = |field: &str, expected: &str| assert_eq!(without_indexes(field), expected, "{field}");
        case("promptImage", "promptImage");
        case("promptImage[0].uri", "promptImage");
        case("references[12].uri", "references");
        case("referenceAudios[2]", "referenceAudios");
        case("character.uri", "character");
        case("voice.audioUri", "voice.audioUri");
        case("input.referenceImages[0].uri", "input.referenceImages");
        case("nodeOutputs.node-1.image.uri", "nodeOutputs");
        case("prompt_image", "promptImage");
        case("promptImage.0.uri", "promptImage");
        case("references.3", "references");
        case("", "");
        case("[", "");
    }

    #[test]
    fn the_nearest_name_is_a_few_letters_away() {
        let known = ["gen4.5", "gen4_turbo", "seedance2", "seedance2_5"];
        let case = |name: &str, expected: Option<&str>| assert_eq!(nearest(name, &known), expected, "{name}");
        case("gen4_tubro", Some("gen4_turbo"));
        case("gen45", Some("gen4.5"));
        case("seedance_2", Some("seedance2"));
        case("seedance2.5", Some("seedance2_5"));
        case("sora", None);
        case("", None);
        case(&"a".repeat(1000), None);
        assert_eq!(nearest("modle", &["jobs", "model"]), Some("model"));
        assert_eq!((distance("", "abc"), distance("abc", ""), distance("kitten", "sitting")), (3, 3, 3));
    }
}
