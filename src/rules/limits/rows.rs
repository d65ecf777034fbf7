//! The rules as they are listed: flat rows, one per model, endpoint and field.

use super::{Container, FieldRow, Limit, Metric, RuleSet};
use crate::finding::RuleRow;
use crate::media::Kind;
use crate::units::Thousandths;

impl RuleSet {
    /// Returns every row, flat.
    pub fn rows(&self) -> impl Iterator<Item = RuleRow<'_>> {
        let limits = Metric::ALL
            .iter()
            .flat_map(move |metric| self.limits(*metric).flat_map(move |limit| self.limit_rows(*metric, limit)));
        let containers = self.containers().flat_map(|container| self.container_rows(container));
        let fields = self.fields().flat_map(|(endpoint, row)| self.field_rows(endpoint, row));
        limits.chain(containers).chain(fields)
    }

    fn limit_rows<'a>(&'a self, metric: Metric, limit: &'a Limit) -> Vec<RuleRow<'a>> {
        let (name, unit) = (metric.name(), metric.unit());
        let source = self.source(limit);
        let mut rows = Vec::new();
        for model in each(&limit.models) {
            for endpoint in each(&limit.endpoints) {
                for field in each(&limit.fields) {
                    let transports = limit.transports.iter().map(|transport| transport.name());
                    let transports = transports.collect::<Vec<_>>().join("+");
                    rows.push(RuleRow {
                        id: id(&[name, &transports, limit.kind.map_or("", Kind::name)], model, endpoint, field),
                        metric: name,
                        transports,
                        model,
                        endpoint,
                        field,
                        kind: limit.kind.map_or("", Kind::name).to_owned(),
                        format: "",
                        bound: range(limit.min(), limit.max()),
                        min: limit.min(),
                        max: limit.max(),
                        unit,
                        inclusive: Some(limit.inclusive()),
                        confidence: self.confidence(limit).name(),
                        source: source.map_or("", |source| &source.page),
                        date: source.map_or("", |source| &source.date),
                        history: history(limit, unit),
                    });
                }
            }
        }
        rows
    }

    fn container_rows<'a>(&'a self, container: &'a Container) -> Vec<RuleRow<'a>> {
        let kind = container.kind.map_or("", Kind::name);
        let format = container.format.id();
        let row = |name: &'static str, names: &[String]| RuleRow {
            bound: names.join(", "),
            id: id(&[name, kind, format], None, None, None),
            kind: kind.to_owned(),
            format,
            ..self.list_row(name, &container.source)
        };
        let lists = [
            ("content-type", &container.types),
            ("codec", &container.codecs),
            ("discouraged-codec", &container.discouraged),
        ];
        lists.into_iter().filter(|(_, names)| !names.is_empty()).map(|(name, names)| row(name, names)).collect()
    }

    fn field_rows<'a>(&'a self, endpoint: &'a str, row: &'a FieldRow) -> Vec<RuleRow<'a>> {
        let field = row.field.as_deref();
        let bound = match (row.min.unwrap_or(0), row.max) {
            _ if field.is_none() => "none".to_owned(),
            (min, Some(max)) if min == max => max.to_string(),
            (min, Some(max)) => format!("{min}..{max}"),
            (min, None) => format!("at least {min}"),
        };
        let rows = each(&row.models).map(|model| RuleRow {
            id: id(&["assets"], model, Some(endpoint), field),
            model,
            endpoint: Some(endpoint),
            field,
            kind: row.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or "),
            bound: bound.clone(),
            min: field.and(row.min).map(whole),
            max: field.and(row.max).map(whole),
            unit: "assets",
            inclusive: Some(true),
            ..self.list_row("assets", &row.source)
        });
        rows.collect()
    }

    /// Starts a row without a bound.
    fn list_row<'a>(&'a self, metric: &'static str, source: &str) -> RuleRow<'a> {
        let page = self.source_of(source);
        RuleRow {
            id: String::new(),
            metric,
            transports: String::new(),
            model: None,
            endpoint: None,
            field: None,
            kind: String::new(),
            format: "",
            bound: String::new(),
            min: None,
            max: None,
            unit: "",
            inclusive: None,
            confidence: self.confidence_of(source).name(),
            source: page.map_or("", |source| &source.page),
            date: page.map_or("", |source| &source.date),
            history: Vec::new(),
        }
    }
}

/// Returns every name of a list, or `None` once for an empty list.
fn each(names: &[String]) -> impl Iterator<Item = Option<&str>> {
    let all = names.is_empty().then_some(None);
    all.into_iter().chain(names.iter().map(|name| Some(name.as_str())))
}

fn whole(count: u32) -> Thousandths {
    Thousandths::new(u64::from(count) * 1000)
}

fn id(parts: &[&str], model: Option<&str>, endpoint: Option<&str>, field: Option<&str>) -> String {
    let parts = parts.iter().copied().chain([model, endpoint, field].into_iter().flatten());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

fn range(min: Option<Thousandths>, max: Option<Thousandths>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{min}..{max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => String::new(),
    }
}

fn history(limit: &Limit, unit: &str) -> Vec<String> {
    limit.history.iter().map(|row| format!("until {}: at most {} {unit}", row.until, row.max())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_source_a_date_and_a_unique_id() {
        let rows: Vec<RuleRow<'_>> = RuleSet::embedded().rows().collect();
        for row in &rows {
            assert!(row.source.starts_with("https://") && !row.date.is_empty() && !row.bound.is_empty(), "{row:?}");
        }
        let mut ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        ids.sort_unstable();
        let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert!(rows.len() > 200, "{}", rows.len());
    }

    #[test]
    fn rows_read_like_the_documentation() {
        let rows: Vec<RuleRow<'_>> = RuleSet::embedded().rows().collect();
        let case = |id: &str, bound: &str, unit: &str| {
            let row = rows.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("no row {id}"));
            assert_eq!((row.bound.as_str(), row.unit), (bound, unit), "{id}");
        };
        case("aspect-ratio/image/gen4_turbo/image_to_video/promptImage", "0.5..2.358", "width / height");
        case("file-size/url/video", "at most 33554432", "bytes");
        case("text-length/data-uri/audio", "13..5242880", "characters");
        case("content-type/image/jpeg", "image/jpeg, image/jpg", "");
        case("codec/video/webm", "vp8, vp9, av1", "");
        case("discouraged-codec/video/mov", "mjpeg", "");
        case("assets/act_two/character_performance/character", "1", "assets");
        case("assets/documents", "none", "assets");
        case("duration/audio/eleven_voice_isolation/voice_isolation/audioUri", "4.6..3600", "seconds");
        let uri = rows.iter().find(|row| row.id == "text-length/data-uri/video").map(|row| row.history.clone());
        assert_eq!(uri, Some(vec!["until 2026-08-31: at most 16777216 characters".to_owned()]));
    }

    #[test]
    fn a_row_states_where_it_applies() {
        let rows: Vec<RuleRow<'_>> = RuleSet::embedded().rows().collect();
        let find = |id: &str| rows.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("no row {id}"));
        let whole = |number: u64| Some(Thousandths::new(number * 1000));
        let container = find("content-type/image/jpeg");
        assert_eq!((container.kind.as_str(), container.format, container.metric), ("image", "jpeg", "content-type"));
        assert_eq!((container.inclusive, container.min, container.field), (None, None, None));
        let field = find("assets/act_two/character_performance/character");
        assert_eq!((field.model, field.endpoint), (Some("act_two"), Some("character_performance")));
        assert_eq!((field.field, field.kind.as_str()), (Some("character"), "image or video"));
        assert_eq!((field.min, field.max, field.inclusive), (whole(1), whole(1), Some(true)));
        let many = find("assets/hailuo3/image_to_video/promptImage");
        assert_eq!((many.bound.as_str(), many.min, many.max), ("1..9", whole(1), whole(9)));
        assert_eq!(find("assets/wan3_prime/image_to_video/promptImage").bound, "at least 1");
        let bound = find("file-size/url/video");
        assert_eq!((bound.transports.as_str(), bound.kind.as_str(), bound.min), ("url", "video", None));
        assert_eq!((bound.max, bound.inclusive, bound.confidence), (whole(33_554_432), Some(true), "documented"));
        let open = find("duration/audio/eleven_voice_isolation/voice_isolation/audioUri");
        assert_eq!((open.inclusive, open.min), (Some(false), Some(Thousandths::new(4600))));
    }

    #[test]
    fn every_published_model_and_endpoint_has_a_row() {
        let rows: Vec<RuleRow<'_>> = RuleSet::embedded().rows().collect();
        for model in MODELS.split_whitespace() {
            assert!(rows.iter().any(|row| row.model == Some(model)), "{model}");
        }
        for endpoint in ENDPOINTS.split_whitespace() {
            assert!(rows.iter().any(|row| row.endpoint == Some(endpoint)), "{endpoint}");
        }
    }

    const MODELS: &str = "gen4_turbo gen4 gen4.5 act_two veo3.1 veo3.1_fast veo3 gemini_omni_flash happyhorse_1_0 \
        seedance2 seedance2_fast seedance2_mini seedance2_5 hailuo3 gemini_2.5_flash gen4_aleph gen4_image \
        gen4_image_turbo gpt_image_2 gemini_image3_pro gemini_image3.1_flash seedream5_pro seedream5_lite muse_image \
        grok_imagine_1_5 grok_imagine_image_2 wan3 aleph2 magnific_precision_upscaler_v2 \
        magnific_video_upscaler_creative gemini_omni_flash_1.1 wan3_prime h3_max gpt_image_2_5_flare \
        gpt_image_2_5_sunburst enhance_frame_rate ruby upscale_v1 gen3a_turbo seed_audio eleven_voice_isolation";

    const ENDPOINTS: &str = "image_to_video text_to_video video_to_video video_to_hdr text_to_image image_upscale \
        video_upscale character_performance sound_effect text_to_speech speech_to_speech voice_dubbing \
        voice_isolation voices avatars avatar_videos workflows generate/video generate/image generate/audio \
        recipes/ad_localization recipes/marketing_stock_image recipes/multi_shot_video recipes/product_ad \
        recipes/product_campaign_image recipes/product_swap recipes/product_ugc documents";
}
