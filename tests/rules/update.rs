//! `src/rules/update.py`: what an SDK has that the rules lack.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::program::skip;

const RESOURCES: &str = r#"
class VideoToHdrResource:
    def create(self, *, model, video_uri):
        return self._post(
            "/v1/video_to_hdr",
            body=maybe_transform({"model": model}, video_to_hdr_create_params.VideoToHdrCreateParams),
        )

    def improve(self, id):
        return self._patch(
            path_template("/v1/new_things/{id}", id=id),
            body=maybe_transform({}, video_to_hdr_create_params.NewThing),
        )
"#;

const TYPES: &str = r#"
class Ruby(TypedDict, total=False):
    model: Required[Literal["ruby"]]

    video_uri: Required[Annotated[str, PropertyInfo(alias="videoUri")]]
    """A data URI containing an encoded video."""

    output_format: Annotated[Literal["hdr10", "hdr20"], PropertyInfo(alias="outputFormat")]

    prores_profile: Required[Annotated[Literal["422", "4444", "422 HQ"], PropertyInfo(alias="proresProfile")]]

    speed: Optional[float]


class Sapphire(TypedDict, total=False):
    model: Required[Literal["sapphire"]]

    video_uri: Required[Annotated[str, PropertyInfo(alias="videoUri")]]
    """A data URI containing an encoded video."""


class NewThing(TypedDict, total=False):
    name: str


VideoToHdrCreateParams: TypeAlias = Union[Ruby, Sapphire]
"#;

fn update(argument: &Path) -> Option<Output> {
    // `tomllib` came with 3.11.
    let can = Command::new("python3").args(["-c", "import tomllib"]).output().is_ok_and(|it| it.status.success());
    if !can {
        skip("python3 with tomllib is missing");
        return None;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Some(Command::new("python3").arg(root.join("src/rules/update.py")).arg(argument).output().expect("python runs"))
}

#[test]
fn missing_rules_are_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [("resources/hdr.py", RESOURCES), ("types/video_to_hdr_create_params.py", TYPES)] {
        let path = folder.path().join("runwayml").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let Some(output) = update(folder.path()) else { return };
    let printed = String::from_utf8(output.stdout).expect("text");
    let found: Vec<&str> = printed.lines().skip(1).take_while(|line| line.starts_with("  ")).map(str::trim).collect();
    let expected = [
        "new_things:patch: unknown endpoint",
        "video_to_hdr ruby outputFormat: the SDK adds ['\"hdr20\"'], lacks ['\"hdr_exr_acescg_sequence_1_3\"', \
         '\"hdr_exr_acescg_sequence_2_0\"', '\"hdr_exr_sequence\"', '\"hdr_prores\"', '\"hlg\"']",
        "video_to_hdr ruby proresProfile: required in the SDK only",
        "video_to_hdr ruby speed: unknown member",
        "video_to_hdr sapphire: unknown model",
        "video_to_hdr sapphire: its assets are not in runway.toml",
    ];
    assert_eq!(found, expected, "{printed}");
    assert!(printed.contains("  text_to_video: gen4.5, "), "what the SDK does not have is listed apart: {printed}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_folder_that_is_not_an_sdk_is_a_usage_error() {
    let Some(output) = update(Path::new("sdk@1.2.3")) else { return };
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
}
