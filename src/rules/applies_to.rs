//! Where a rule holds, and what an asset is for: the two are matched here and nowhere else.

use crate::finding::Transport;
use crate::media::Kind;

/// What an asset is for, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scope<'a> {
    /// How it is handed over.
    pub(super) way: Option<Transport>,
    /// What it is judged as.
    pub(super) kind: Option<Kind>,
    /// The model, if the rules know it.
    pub(super) model: Option<&'a str>,
    /// The endpoint, as a path below `/v1/`.
    pub(super) endpoint: Option<&'a str>,
    /// The request field.
    pub(super) field: Option<&'a str>,
}

/// Where a row holds; an empty list stands for everywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) ways: &'a [Transport],
    pub(super) kind: Option<Kind>,
    pub(super) models: &'a [String],
    pub(super) endpoints: &'a [String],
    pub(super) fields: &'a [String],
}

impl Place<'_> {
    /// Says whether a row holds for an asset.
    ///
    /// A row for models holds only where the model is known, and a row for endpoints alone only where the endpoint
    /// is. Beyond that, what is not known about the asset does not stand in the way.
    pub(super) fn holds(self, scope: Scope<'_>) -> bool {
        let way = self.ways.is_empty() || scope.way.is_some_and(|way| self.ways.contains(&way));
        let model = self.models.is_empty() || scope.model.is_some_and(|model| has(self.models, model));
        let endpoint = match scope.endpoint {
            Some(endpoint) => self.endpoints.is_empty() || has(self.endpoints, endpoint),
            None => self.endpoints.is_empty() || !self.models.is_empty(),
        };
        way && model && endpoint && self.touches(scope)
    }

    /// Says whether kind and field do not speak against it.
    pub(super) fn touches(self, scope: Scope<'_>) -> bool {
        let kind = self.kind.is_none() || scope.kind.is_none() || self.kind == scope.kind;
        let field = scope.field.is_none_or(|field| self.fields.is_empty() || has(self.fields, &stem(field)));
        let endpoint = scope.endpoint.is_none_or(|endpoint| self.endpoints.is_empty() || has(self.endpoints, endpoint));
        kind && field && endpoint
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known == name)
}

/// Returns a field without its indexes and without a final `.uri`: `references[3].uri` is `references`.
pub(super) fn stem(field: &str) -> String {
    let mut stem = String::with_capacity(field.len());
    for part in field.split('[') {
        // What stands before the first bracket is whole; every other part begins with an index.
        let kept = if stem.is_empty() { part } else { part.split_once(']').map_or(part, |(_, rest)| rest) };
        stem.push_str(kept);
    }
    let stem = stem.strip_suffix(".uri").unwrap_or(&stem);
    if stem.starts_with("nodeOutputs.") { "nodeOutputs".to_owned() } else { stem.to_owned() }
}

/// Returns the known name that is nearest to one that is not, if any is near.
#[must_use]
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let (distance, nearest) = known.iter().map(|known| (distance(name, known), *known)).min()?;
    (distance <= (name.chars().count() / 3).max(1)).then_some(nearest)
}

/// Names are compared up to this length, in bytes; the longest that is published has 31.
const LONGEST_NAME: usize = 64;

/// Counts the letters that must be changed, added, removed or swapped with the next to make one name of another.
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
        let case = |field: &str, expected: &str| assert_eq!(stem(field), expected, "{field}");
        case("promptImage", "promptImage");
        case("promptImage[0].uri", "promptImage");
        case("references[12].uri", "references");
        case("referenceAudios[2]", "referenceAudios");
        case("character.uri", "character");
        case("voice.audioUri", "voice.audioUri");
        case("input.referenceImages[0].uri", "input.referenceImages");
        case("nodeOutputs.node-1.image.uri", "nodeOutputs");
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
