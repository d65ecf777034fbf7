//! Recipes for known hosts: how to set the Content-Type where the asset is kept. One row a host.

use super::Subject;
use crate::observation::{Headers, Response};

/// How a host is known, and what to do there; `{type}` stands for the content type to set.
struct Recipe {
    /// A response field in lower case, and what its value begins with in lower case.
    field: (&'static str, &'static str),
    set_type: &'static str,
}

/// The hosts that are known, most special first.
const RECIPES: [Recipe; 5] = [
    Recipe { field: ("x-amz-request-id", ""), set_type: "Amazon S3: store the object with Content-Type {type}" },
    Recipe { field: ("server", "amazons3"), set_type: "Amazon S3: store the object with Content-Type {type}" },
    Recipe {
        field: ("x-goog-generation", ""),
        set_type: "Google Cloud Storage: gcloud storage objects update gs://BUCKET/OBJECT --content-type={type}",
    },
    Recipe {
        field: ("x-ms-request-id", ""),
        set_type: "Azure Blob Storage: set the property Content-Type of the blob to {type}",
    },
    Recipe {
        field: ("server", "nginx"),
        set_type: "nginx: give the file's extension the type {type} in a types block, or set default_type {type}",
    },
];

/// Says how to set a content type on the host that answered.
pub(super) fn set_type(subject: &Subject<'_>, name: &str) -> String {
    let answers = [&subject.seen.head, &subject.seen.get];
    let recipe = answers.into_iter().filter_map(|answer| answer.response()).find_map(recipe);
    recipe.map_or_else(
        || format!("Set the Content-Type of the stored object to {name}."),
        |recipe| recipe.set_type.replace("{type}", name),
    )
}

fn recipe(response: &Response) -> Option<&'static Recipe> {
    RECIPES.iter().find(|recipe| begins(&response.headers, recipe.field))
}

/// Says whether a field is there and begins with a text, in any case.
pub(super) fn begins(headers: &Headers, (field, start): (&str, &str)) -> bool {
    headers.first(field).is_some_and(|value| {
        value.as_bytes().get(..start.len()).is_some_and(|value| value.eq_ignore_ascii_case(start.as_bytes()))
    })
}
