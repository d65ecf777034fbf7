//! Recipes by provider: which of them fits the observation, and its text. The rows are in `rules/hints/providers.toml`.

use crate::asset::{AssetUrl, Target};
use crate::finding::Confidence;
use crate::media::Format;
use crate::observation::{Headers, ResponseHead};
use crate::rules::CheckContext;
use crate::rules::expiry::is_signed;

mod command;
mod pattern;
mod table;
#[cfg(test)]
mod tests;

use command::{Placeholders, config, link, paste, plain};
use pattern::PlaceholderValues;
pub(in crate::rules) use table::Problem;
use table::{HeaderPattern, Provider, ProviderTable, Recipe};

/// Returns the hint of the responding provider for the first of these problems that it has a recipe for. The sentence
/// comes first; the text to copy and the page that documents it follow on separate lines, indented by two spaces.
pub(in crate::rules) fn recipe_for(
    context: &CheckContext<'_>,
    problems: &[Problem],
    content_type: Option<&str>,
) -> Option<String> {
    let known: Vec<ProviderMatch> =
        ProviderTable::embedded().provider.iter().filter_map(|provider| ProviderMatch::of(provider, context)).collect();
    let (known, recipe) = problems.iter().find_map(|problem| best(&known, *problem, context))?;
    let placeholders = Placeholders { values: &known.values, content_type };
    let mut hint = format!("{}: {}", known.provider.name, plain(&recipe.hint, content_type));
    let lines = recipe.config.as_deref().map(|lines| config(lines, placeholders).replace('\n', "\n  "));
    let copied = recipe.command.as_deref().map(|command| paste(command, placeholders));
    let linked = recipe.link.as_deref().and_then(|template| link(template, placeholders));
    let sources = &ProviderTable::embedded().source;
    let source = sources.get(&recipe.source).map(|source| match source.confidence {
        Some(Confidence::Documented | Confidence::Observed) => format!("see {}", source.page),
        Some(Confidence::Inferred) | None => format!("see {} (inferred)", source.page),
    });
    for line in [lines, copied, linked, source].into_iter().flatten() {
        hint.push_str("\n  ");
        hint.push_str(&line);
    }
    Some(hint)
}

/// Returns how to set a content type at the responding provider.
pub(in crate::rules) fn set_type(context: &CheckContext<'_>, name: &str) -> String {
    recipe_for(context, &problems_for_content(context, Problem::Type), Some(name))
        .unwrap_or_else(|| format!("Set the Content-Type of the stored object to {name}."))
}

/// Returns what to do about a web page or a Git LFS pointer that was returned in place of the asset.
pub(in crate::rules) fn error_page_recipe(context: &CheckContext<'_>) -> Option<String> {
    let problems: Vec<Problem> =
        problems_for_content(context, Problem::Type).into_iter().filter(|problem| *problem != Problem::Type).collect();
    recipe_for(context, &problems, None).or_else(|| document(context))
}

/// Returns what to do about a document in place of the asset, on a host of no known provider.
fn document(context: &CheckContext<'_>) -> Option<String> {
    let Target::Url(_) = context.target else { return None };
    let format = context.observation.content.format();
    let document = format.filter(|format| matches!(format, Format::Html | Format::Xml | Format::Json | Format::Text));
    let unseen = format.is_none() && problems_for_content(context, Problem::Type).contains(&Problem::Page);
    let document = document.or(unseen.then_some(Format::Html))?;
    let name = document.name();
    Some(format!("Send the URL of the file itself: this URL returns {name} (preview, login or error page)."))
}

/// Returns `problem`, preceded by the page or pointer that was returned in place of the asset, if any.
fn problems_for_content(context: &CheckContext<'_>, problem: Problem) -> Vec<Problem> {
    let format = context.observation.content.format();
    let is_html = |response: &ResponseHead| has_header(&response.headers, ("content-type", "text/html"));
    let replacement = if format == Some(Format::LfsPointer) {
        Some(Problem::Pointer)
    } else if matches!(format, Some(Format::Html | Format::Json)) || format.is_none() && responses(context).any(is_html)
    {
        Some(Problem::Page)
    } else {
        None
    };
    replacement.into_iter().chain([problem]).collect()
}

/// A provider that was recognized by the observation.
struct ProviderMatch {
    provider: &'static Provider,
    values: PlaceholderValues,
    /// The length of the matching URL pattern, without its placeholders.
    pattern: usize,
    /// The length of the matching header.
    header: usize,
}

impl ProviderMatch {
    fn of(provider: &'static Provider, context: &CheckContext<'_>) -> Option<Self> {
        let Target::Url(url) = context.target else { return None };
        if provider.unless.as_ref().is_some_and(|header| responses(context).any(|response| header.is_in(response))) {
            return None;
        }
        let matching = provider.urls.iter().filter_map(|pattern| Some((pattern.length, pattern.values(url)?)));
        let longest = matching.max_by_key(|(length, _)| *length);
        let headers =
            provider.headers.iter().filter(|header| responses(context).any(|response| header.is_in(response)));
        let header = headers.map(|header| header.name.len() + header.start.len()).max().unwrap_or_default();
        let signed = provider.query.as_deref().filter(|name| url.parameter(name).is_some());
        let (length, mut values) = longest.or_else(|| signed.map(|_| (1, store(url)))).unwrap_or_default();
        add_name(url, &mut values);
        (length + header > 0).then_some(Self { provider, values, pattern: length, header })
    }
}

/// Reads the URL of an S3-compatible store: the host is the store's own, the bucket is the first segment of the path.
fn store(url: &AssetUrl) -> PlaceholderValues {
    let url = url.url();
    let endpoint = Some(url.origin().ascii_serialization());
    let (bucket, key) = url.path().trim_start_matches('/').split_once('/').unzip();
    let known = [("endpoint", endpoint), ("bucket", bucket.map(str::to_owned)), ("key", key.map(str::to_owned))];
    let known =
        known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.filter(|value| !value.is_empty())?)));
    known.collect()
}

/// Adds the name of the file that the URL ends with, and the extension of that name.
fn add_name(url: &AssetUrl, values: &mut PlaceholderValues) {
    let file = url.url().path().rsplit('/').next().filter(|file| !file.is_empty());
    let extension = file
        .and_then(|file| file.rsplit_once('.'))
        .map(|(_, extension)| extension)
        .filter(|extension| is_extension(extension));
    for (name, value) in [("file", file), ("extension", extension)] {
        if let Some(value) = value {
            values.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// Reports whether a text is an extension such as `png`; the longest that servers know by default has eleven letters.
fn is_extension(text: &str) -> bool {
    (1..=11).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Finds the recipe for a problem: of the provider with the longest matching URL, the most specific one.
fn best<'k>(
    known: &'k [ProviderMatch],
    problem: Problem,
    context: &CheckContext<'_>,
) -> Option<(&'k ProviderMatch, &'static Recipe)> {
    let all = known.iter().flat_map(|known| known.provider.recipes.iter().map(move |recipe| (known, recipe)));
    let fits = |(known, recipe): &(&ProviderMatch, &Recipe)| {
        recipe.on.contains(&problem)
            && (!recipe.needs_extension || known.values.contains_key("extension"))
            && recipe.fits(context)
    };
    let rank = |(known, recipe): &(&ProviderMatch, &Recipe)| (known.pattern, recipe.specificity(), known.header);
    // The first of equal rank wins.
    all.filter(fits).reduce(|one, other| if rank(&other) > rank(&one) { other } else { one })
}

impl Recipe {
    /// Reports whether the conditions of the recipe are met.
    fn fits(&self, context: &CheckContext<'_>) -> bool {
        let contains = |text: &str| {
            responses(context)
                .filter_map(|response| response.body_snippet.as_ref())
                .any(|snippet| snippet.as_bytes().windows(text.len().max(1)).any(|window| window == text.as_bytes()))
        };
        self.body.as_deref().is_none_or(contains)
            && self.header.as_ref().is_none_or(|header| responses(context).any(|response| header.is_in(response)))
            && (!self.signed || is_signed(context))
    }

    /// Returns how specific its conditions are.
    fn specificity(&self) -> usize {
        let header = self.header.as_ref().map_or(0, |header| header.name.len() + header.start.len());
        self.body.as_deref().map_or(0, str::len) + header + usize::from(self.signed)
    }
}

impl HeaderPattern {
    fn is_in(&self, response: &ResponseHead) -> bool {
        has_header(&response.headers, (&self.name, &self.start))
    }
}

fn responses<'a>(context: &CheckContext<'a>) -> impl Iterator<Item = &'a ResponseHead> {
    let observation = context.observation;
    [&observation.head, &observation.get].into_iter().filter_map(|outcome| outcome.response())
}

/// Reports whether a header exists and begins with a text, in any case.
pub(in crate::rules) fn has_header(headers: &Headers, (name, start): (&str, &str)) -> bool {
    headers.first(name).is_some_and(|value| {
        value.as_bytes().get(..start.len()).is_some_and(|value| value.eq_ignore_ascii_case(start.as_bytes()))
    })
}
