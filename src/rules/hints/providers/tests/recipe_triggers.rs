//! A response that triggers each recipe, provider by provider.

use super::case::Case;
use crate::rules::hints::providers::table::ProviderTable;

mod servers;
mod stores;

fn cases() -> impl Iterator<Item = &'static Case> {
    stores::CASES.iter().chain(servers::CASES)
}

#[test]
fn each_recipe_has_a_case_that_triggers_it() {
    let hints: Vec<String> = cases().map(|case| case.hint()).collect();
    for (case, hint) in cases().zip(&hints) {
        assert!(hint.starts_with(case.hint), "{}: {hint}", case.url);
    }
    let missing: Vec<String> = ProviderTable::embedded()
        .provider
        .iter()
        .flat_map(|provider| provider.recipes.iter().map(move |recipe| (provider, recipe)))
        .map(|(provider, recipe)| {
            format!("{}: {}", provider.name, recipe.hint.split("{type}").next().unwrap_or_default())
        })
        .filter(|start| !hints.iter().any(|hint| hint.starts_with(start.as_str())))
        .collect();
    assert!(missing.is_empty(), "nothing triggers {missing:#?}");
}
