//! Fix recipes by host: which of them fits what was seen, and its words. The rows stand in `rules/hints/providers.toml`.

use crate::asset::{AssetUrl, Target};
use crate::finding::code::Confidence;
use crate::media::Format;
use crate::observation::{Headers, ResponseHead};
use crate::rules::CheckContext;
use crate::rules::expiry::is_signed;

mod command;
mod pattern;
mod table;
#[cfg(test)]
mod tests;

use command::{Filling, link, paste, plain, set};
use pattern::Values;
pub(crate) use table::Situation;
use table::{Field, Host, Recipe, Table};

/// Says what to do on the host that answered, in the first of these situations that it has a recipe for. The sentence
/// comes first; what is to be copied, and the page that says so, stand on lines of their own behind two spaces.
pub(crate) fn mend(subject: &CheckContext<'_>, situations: &[Situation], content_type: Option<&str>) -> Option<String> {
    let known: Vec<Known> = Table::embedded().host.iter().filter_map(|host| Known::of(host, subject)).collect();
    let (known, recipe) = situations.iter().find_map(|situation| best(&known, *situation, subject))?;
    let filling = Filling { values: &known.values, content_type };
    let mut hint = format!("{}: {}", known.host.name, plain(&recipe.fix, content_type));
    let lines = recipe.set.as_deref().map(|lines| set(lines, filling).replace('\n', "\n  "));
    let copied = recipe.paste.as_deref().map(|command| paste(command, filling));
    let linked = recipe.link.as_deref().and_then(|template| link(template, filling));
    let sources = &Table::embedded().source;
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

/// Says how to set a content type on the host that answered.
pub(crate) fn set_type(subject: &CheckContext<'_>, name: &str) -> String {
    mend(subject, &in_place(subject, Situation::Type), Some(name))
        .unwrap_or_else(|| format!("Set the Content-Type of the stored object to {name}."))
}

/// Says what to do about a web page or a pointer that came in place of the asset, or about its type.
pub(crate) fn replaced(subject: &CheckContext<'_>) -> Option<String> {
    let situations: Vec<Situation> =
        in_place(subject, Situation::Type).into_iter().filter(|situation| *situation != Situation::Type).collect();
    mend(subject, &situations, None).or_else(|| document(subject))
}

/// Says what to do about a document in place of the asset, on a host that nothing is known of.
fn document(subject: &CheckContext<'_>) -> Option<String> {
    let Target::Url(_) = subject.target else { return None };
    let format = subject.seen.content.format();
    let document = format.filter(|format| matches!(format, Format::Html | Format::Xml | Format::Json | Format::Text));
    let unseen = format.is_none() && in_place(subject, Situation::Type).contains(&Situation::Page);
    let document = document.or(unseen.then_some(Format::Html))?;
    let name = document.name();
    Some(format!("Send the URL of the file itself: this one leads to {name}, be it a preview, a login or an error."))
}

/// Puts what came in place of the asset before a situation.
fn in_place(subject: &CheckContext<'_>, situation: Situation) -> Vec<Situation> {
    let format = subject.seen.content.format();
    let is_html = |response: &ResponseHead| begins(&response.headers, ("content-type", "text/html"));
    let instead = if format == Some(Format::LfsPointer) {
        Some(Situation::Pointer)
    } else if format == Some(Format::Html) || format.is_none() && responses(subject).any(is_html) {
        Some(Situation::Page)
    } else {
        None
    };
    instead.into_iter().chain([situation]).collect()
}

/// A host that is known by what was seen.
struct Known {
    host: &'static Host,
    values: Values,
    /// How long the address is that it is known by, without its placeholders.
    address: usize,
    /// How long the field is that it is known by.
    field: usize,
}

impl Known {
    fn of(host: &'static Host, subject: &CheckContext<'_>) -> Option<Self> {
        let Target::Url(address) = subject.target else { return None };
        if host.unless.as_ref().is_some_and(|field| responses(subject).any(|response| field.is_in(response))) {
            return None;
        }
        let fitting = host.addresses.iter().filter_map(|one| Some((one.length, one.values(address)?)));
        let longest = fitting.max_by_key(|(length, _)| *length);
        let fields = host.headers.iter().filter(|field| responses(subject).any(|response| field.is_in(response)));
        let field = fields.map(|field| field.name.len() + field.start.len()).max().unwrap_or_default();
        let signed = host.query.as_deref().filter(|name| address.parameter(name).is_some());
        let (length, mut values) = longest.or_else(|| signed.map(|_| (1, store(address)))).unwrap_or_default();
        add_name(address, &mut values);
        (length + field > 0).then_some(Self { host, values, address: length, field })
    }
}

/// Reads an address of a store as its signature covers it: the host is the store's own, the bucket begins the path.
fn store(address: &AssetUrl) -> Values {
    let url = address.url();
    let endpoint = Some(url.origin().ascii_serialization());
    let (bucket, key) = url.path().trim_start_matches('/').split_once('/').unzip();
    let known = [("endpoint", endpoint), ("bucket", bucket.map(str::to_owned)), ("key", key.map(str::to_owned))];
    let known =
        known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.filter(|value| !value.is_empty())?)));
    known.collect()
}

/// Adds the name of the file that the address ends with, and the ending of that name.
fn add_name(address: &AssetUrl, values: &mut Values) {
    let file = address.url().path().rsplit('/').next().filter(|file| !file.is_empty());
    let ending =
        file.and_then(|file| file.rsplit_once('.')).map(|(_, ending)| ending).filter(|ending| is_ending(ending));
    for (name, value) in [("file", file), ("ending", ending)] {
        if let Some(value) = value {
            values.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// Says whether a text is like `png`; the longest ending that servers know by themselves has eleven letters.
fn is_ending(text: &str) -> bool {
    (1..=11).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Finds the recipe for a situation: of the host with the longest address, the one that asks for most.
fn best<'k>(
    known: &'k [Known],
    situation: Situation,
    subject: &CheckContext<'_>,
) -> Option<(&'k Known, &'static Recipe)> {
    let all = known.iter().flat_map(|known| known.host.recipes.iter().map(move |recipe| (known, recipe)));
    let fits = |(known, recipe): &(&Known, &Recipe)| {
        recipe.on.contains(&situation) && (!recipe.ended || known.values.contains_key("ending")) && recipe.fits(subject)
    };
    let rank = |(known, recipe): &(&Known, &Recipe)| (known.address, recipe.demands(), known.field);
    // The first of those that are alike stays.
    all.filter(fits).reduce(|one, other| if rank(&other) > rank(&one) { other } else { one })
}

impl Recipe {
    /// Says whether what the recipe asks for beside the situation was seen.
    fn fits(&self, subject: &CheckContext<'_>) -> bool {
        let says = |text: &str| {
            responses(subject)
                .filter_map(|response| response.body_snippet.as_ref())
                .any(|excerpt| excerpt.as_bytes().windows(text.len().max(1)).any(|window| window == text.as_bytes()))
        };
        self.body.as_deref().is_none_or(says)
            && self.header.as_ref().is_none_or(|field| responses(subject).any(|response| field.is_in(response)))
            && (!self.signed || is_signed(subject))
    }

    /// Returns how much it asks for beside the situation.
    fn demands(&self) -> usize {
        let header = self.header.as_ref().map_or(0, |field| field.name.len() + field.start.len());
        self.body.as_deref().map_or(0, str::len) + header + usize::from(self.signed)
    }
}

impl Field {
    fn is_in(&self, response: &ResponseHead) -> bool {
        begins(&response.headers, (&self.name, &self.start))
    }
}

fn responses<'a>(subject: &CheckContext<'a>) -> impl Iterator<Item = &'a ResponseHead> {
    let seen = subject.seen;
    [&seen.head, &seen.get].into_iter().filter_map(|answer| answer.response())
}

/// Says whether a field is there and begins with a text, in any case.
pub(crate) fn begins(headers: &Headers, (field, start): (&str, &str)) -> bool {
    headers.first(field).is_some_and(|value| {
        value.as_bytes().get(..start.len()).is_some_and(|value| value.eq_ignore_ascii_case(start.as_bytes()))
    })
}
