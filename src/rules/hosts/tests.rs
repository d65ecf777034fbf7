//! Each recipe is provoked by an answer made after the documented shape; look-alikes provoke none.

use std::collections::BTreeSet;

use super::table::{Recipe, TEXT, Table};
use crate::asset::{Asset, Target};
use crate::media::Format;
use crate::observation::{Answer, Content, Headers, Observation, Response};
use crate::outside::Outside;
use crate::report::{Finding, Way};
use crate::rules::{Rules, Subject, Wanted, judge};
use crate::shell;

/// What a host answers: the URL, the status of HEAD and GET, fields, the bytes of an error page, what the bytes are.
#[derive(Clone, Copy)]
struct Case {
    url: &'static str,
    status: (u16, u16),
    fields: &'static [(&'static str, &'static str)],
    body: &'static str,
    format: Option<Format>,
    /// The code of the finding whose hint is looked at, and how that hint begins.
    code: &'static str,
    hint: &'static str,
}

const BAD: &str = "unsupported-content-type";
const STATUS: &str = "http-status";
const TYPE: &[(&str, &str)] = &[("content-type", "binary/octet-stream"), ("content-length", "9")];
const HTML: &[(&str, &str)] = &[("content-type", "text/html"), ("content-length", "9")];

/// A wrong type of a PNG image.
const fn typed(url: &'static str, fields: &'static [(&'static str, &'static str)], hint: &'static str) -> Case {
    Case { url, status: (200, 200), fields, body: "", format: Some(Format::Png), code: BAD, hint }
}

/// A web page in place of the asset.
const fn page(url: &'static str, hint: &'static str) -> Case {
    Case { format: Some(Format::Html), ..typed(url, HTML, hint) }
}

/// A status, with fields and the text of the page.
const fn status(
    url: &'static str,
    status: u16,
    fields: &'static [(&'static str, &'static str)],
    body: &'static str,
    hint: &'static str,
) -> Case {
    Case { url, status: (status, status), fields, body, format: None, code: STATUS, hint }
}

/// HEAD refused where GET is answered.
const fn headless(url: &'static str, hint: &'static str) -> Case {
    Case { status: (403, 200), ..status(url, 403, &[("content-type", "image/png"), ("content-length", "9")], "", hint) }
}

/// A missing length.
const fn endless(url: &'static str, fields: &'static [(&'static str, &'static str)], hint: &'static str) -> Case {
    Case { code: "missing-content-length", ..typed(url, fields, hint) }
}

/// Compressed on the way.
const fn coded(fields: &'static [(&'static str, &'static str)], hint: &'static str) -> Case {
    Case { code: "content-encoded", ..typed(CDN, fields, hint) }
}

/// HEAD refused by a server of one's own.
const fn headed(fields: &'static [(&'static str, &'static str)], hint: &'static str) -> Case {
    Case { status: (405, 200), ..status(CDN, 405, fields, "", hint) }
}

/// A redirect to the same URL.
const fn looped(fields: &'static [(&'static str, &'static str)], hint: &'static str) -> Case {
    status(CDN, 301, fields, "", hint)
}

const NGINX: &[(&str, &str)] =
    &[("content-type", "application/x-png"), ("content-length", "9"), ("server", "nginx/1.27")];
const APACHE: &[(&str, &str)] = &[("content-type", "application/x-png"), ("content-length", "9"), ("server", "Apache")];
const CADDY: &[(&str, &str)] = &[("content-length", "9"), ("content-type", "text/x-png"), ("server", "Caddy")];
const LIGHTTPD: &[(&str, &str)] =
    &[("content-type", "text/x-png"), ("content-length", "9"), ("server", "lighttpd/1.4.69")];
/// An address without an ending.
const BARE: &str = "https://cdn.h.com/files/picture";

const S3: &str = "https://b.s3.eu-west-1.amazonaws.com/a/b.png";
const S3_SIGNED: &str = "https://b.s3.eu-west-1.amazonaws.com/a/b.png?X-Amz-Signature=abcdef";
const S3_ENDED: &str =
    "https://b.s3.amazonaws.com/a.png?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=abcdef";
const STORE: &str = "https://store.h.com:9000/b/a/c.png?X-Amz-Signature=abcdef";
const STORE_ENDED: &str =
    "https://store.h.com/b/a.png?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=abcdef";
const R2: &str = "https://0a1b.r2.cloudflarestorage.com/b/a.png";
const GCS: &str = "https://storage.googleapis.com/b/a.png";
const AZURE: &str = "https://acct.blob.core.windows.net/c/a.png";
const SUPABASE: &str = "https://p.supabase.co/storage/v1/object/public/b/a.png";
const CDN: &str = "https://cdn.h.com/a.png";
const FRONT: &str = "https://d1.cloudfront.net/a.png";
const CLOUDINARY: &str = "https://res.cloudinary.com/demo/image/upload/f_auto/a";
const GITHUB: &str = "https://github.com/o/r/blob/main/a.png";
const RAW: &str = "https://raw.githubusercontent.com/o/r/main/a.png";
const DISCORD: &str = "https://cdn.discordapp.com/attachments/1/2/a.png?ex=abcdef&is=abcdef&hm=abcdef";
const NGROK: &str = "https://a.ngrok-free.app/a.png";

const CASES: &[Case] = &[
    typed(S3, TYPE, "Amazon S3: set the Content-Type of the object to image/png"),
    typed(
        CDN,
        &[("content-type", "binary/octet-stream"), ("content-length", "9"), ("server", "AmazonS3")],
        "Amazon S3: set",
    ),
    headless(S3_SIGNED, "Amazon S3: a URL signed for GET refuses HEAD"),
    status(
        S3_ENDED,
        403,
        &[],
        "<Code>AccessDenied</Code><Message>Request has expired</Message>",
        "Amazon S3: sign a new URL",
    ),
    status(S3_SIGNED, 400, &[], "<Error><Code>ExpiredToken</Code>", "Amazon S3: the credentials"),
    status(S3_SIGNED, 403, &[], "<Error><Code>SignatureDoesNotMatch</Code>", "Amazon S3: the URL was changed"),
    status(S3, 403, &[], "<Error><Code>AccessDenied</Code>", "Amazon S3: the object is private"),
    status(S3, 404, &[], "<Error><Code>NoSuchKey</Code>", "Amazon S3: there is no object"),
    status(S3, 301, &[], "<Error><Code>PermanentRedirect</Code>", "Amazon S3: the bucket is in another region"),
    typed(STORE, TYPE, "S3-compatible store: set the Content-Type of the object to image/png"),
    Case {
        fields: &[("content-type", "image/png"), ("content-length", "9"), ("server", "nginx")],
        ..headless(
            STORE,
            "S3-compatible store: a URL signed for GET refuses HEAD (SignatureDoesNotMatch, for the method is \
             signed too), and the API needs both: send an upload, or let nginx",
        )
    },
    headless(
        STORE,
        "S3-compatible store: a URL signed for GET refuses HEAD (SignatureDoesNotMatch, for the method is \
         signed too), and the API needs both: send an upload, or make the object public",
    ),
    status(STORE_ENDED, 403, &[], "<Code>AccessDenied</Code>", "S3-compatible store: sign a new URL"),
    status(STORE, 400, &[("server", "nginx")], "<Code>ExpiredToken</Code>", "S3-compatible store: the credentials"),
    status(STORE, 403, &[], "<Code>SignatureDoesNotMatch</Code>", "S3-compatible store: the URL was changed"),
    status(CDN, 404, &[("x-amz-request-id", "1")], "<Code>NoSuchKey</Code>", "S3-compatible store: there is no object"),
    typed(R2, TYPE, "Cloudflare R2: store the object again"),
    headless("https://0a1b.r2.cloudflarestorage.com/b/a.png?X-Amz-Signature=a", "Cloudflare R2: a URL signed for GET"),
    status(
        "https://0a1b.r2.cloudflarestorage.com/b/a.png?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=a",
        403,
        &[("server", "cloudflare")],
        "<Error><Code>ExpiredRequest</Code>",
        "Cloudflare R2: sign a new URL",
    ),
    status(
        R2,
        400,
        &[],
        "<Error><Code>InvalidArgument</Code><Message>Authorization</Message>",
        "Cloudflare R2: this address takes only",
    ),
    typed("https://pub-0a.r2.dev/a.png", TYPE, "Cloudflare R2: store the object again"),
    status(
        "https://pub-0a.r2.dev/a.png",
        429,
        &[("server", "cloudflare")],
        "",
        "Cloudflare R2: r2.dev addresses are limited",
    ),
    status("https://pub-0a.r2.dev/a.png", 404, &[], "", "Cloudflare R2: allow public access"),
    typed(GCS, TYPE, "Google Cloud Storage: set the Content-Type"),
    endless(
        GCS,
        &[("content-type", "image/png"), ("x-goog-stored-content-encoding", "gzip")],
        "Google Cloud Storage: the object is stored with gzip",
    ),
    status(
        "https://storage.googleapis.com/b/a.png?X-Goog-Date=20200101T000000Z&X-Goog-Expires=60&X-Goog-Signature=a",
        400,
        &[],
        "<Error><Code>ExpiredToken</Code>",
        "Google Cloud Storage: sign a new URL",
    ),
    status(GCS, 400, &[], "<Error><Code>ExpiredToken</Code>", "Google Cloud Storage: the signed URL has ended"),
    status(GCS, 403, &[], "<Error><Code>AccessDenied</Code>", "Google Cloud Storage: the object is not public"),
    status(GCS, 404, &[], "<Error><Code>NoSuchKey</Code>", "Google Cloud Storage: there is no object"),
    typed(AZURE, TYPE, "Azure Blob Storage: set the Content-Type"),
    status(
        "https://acct.blob.core.windows.net/c/a.png?sp=r&se=2020-01-01T00:00Z&sig=a",
        403,
        &[],
        "",
        "Azure Blob Storage: make a new SAS",
    ),
    status(
        AZURE,
        403,
        &[],
        "<AuthenticationErrorDetail>Signature not valid in the specified time frame: Start",
        "Azure Blob Storage: the SAS has ended",
    ),
    status(
        AZURE,
        409,
        &[],
        "<Error><Code>PublicAccessNotPermitted</Code>",
        "Azure Blob Storage: the account allows no anonymous",
    ),
    status(
        AZURE,
        409,
        &[("x-ms-error-code", "PublicAccessNotPermitted")],
        "",
        "Azure Blob Storage: the account allows no anonymous",
    ),
    status(
        AZURE,
        403,
        &[("x-ms-error-code", "AuthorizationPermissionMismatch")],
        "",
        "Azure Blob Storage: the SAS does not fit",
    ),
    status(AZURE, 404, &[("x-ms-error-code", "ResourceNotFound")], "", "Azure Blob Storage: there is no blob"),
    typed(SUPABASE, TYPE, "Supabase Storage: upload the file again"),
    status(
        "https://p.supabase.co/storage/v1/object/sign/b/a.png?token=e30",
        400,
        &[],
        r#"{"statusCode":"400","error":"InvalidJWT""#,
        "Supabase Storage: the signed URL has ended",
    ),
    status(
        "https://p.supabase.co/storage/v1/object/sign/b/a.png?token=e30",
        400,
        &[],
        r#"{"error":"Invalid JWT""#,
        "Supabase Storage: the signed URL has ended",
    ),
    status(
        SUPABASE,
        400,
        &[("server", "cloudflare")],
        r#"{"error":"Bucket not found""#,
        "Supabase Storage: there is no public bucket",
    ),
    status(SUPABASE, 404, &[], r#"{"message":"Object not found""#, "Supabase Storage: check the path"),
    status(
        CDN,
        403,
        &[("cf-mitigated", "challenge"), ("server", "cloudflare")],
        "Just a moment...",
        "Cloudflare: a check for browsers",
    ),
    status(CDN, 403, &[("server", "cloudflare"), ("cf-ray", "1")], "", "Cloudflare: a rule there may refuse"),
    looped(&[("location", CDN), ("server", "cloudflare")], "Cloudflare: the server behind it is asked over http"),
    status(FRONT, 403, &[], "<Error><Code>MissingKey</Code>", "CloudFront: the distribution takes only signed"),
    status(
        "https://d1.cloudfront.net/a.png?Expires=1&Signature=a&Key-Pair-Id=K",
        403,
        &[],
        "<Error><Code>AccessDenied</Code>",
        "CloudFront: sign a new URL",
    ),
    status(
        FRONT,
        403,
        &[("x-cache", "Error from cloudfront")],
        "<H2>Request blocked.",
        "CloudFront: AWS WAF or a restriction",
    ),
    status(
        FRONT,
        503,
        &[("x-cache", "Error from cloudfront")],
        "",
        "CloudFront: AWS WAF or a restriction by country may",
    ),
    status(FRONT, 403, &[("server", "AmazonS3")], "<Error><Code>AccessDenied</Code>", "CloudFront: the origin refuses"),
    endless(
        FRONT,
        &[("content-type", "image/png"), ("transfer-encoding", "chunked")],
        "CloudFront: what the origin sends",
    ),
    status(CDN, 405, &[("x-amzn-waf-action", "captcha")], "", "AWS WAF: the web ACL wants a browser"),
    status(
        "https://a.vercel.app/a.png",
        403,
        &[("x-vercel-mitigated", "challenge")],
        "",
        "Vercel: the firewall wants a browser",
    ),
    status("https://a-git-main-me.vercel.app/a.png", 401, &[], "", "Vercel: the deployment is protected"),
    page("https://a.vercel.app/a.png", "Vercel: the application answers"),
    typed(CLOUDINARY, &[("content-type", "image/avif"), ("content-length", "9")], "Cloudinary: name the format"),
    status(CLOUDINARY, 401, &[("x-cld-error", "deny or ACL failure")], "", "Cloudinary: the account does not deliver"),
    status(
        CLOUDINARY,
        400,
        &[("x-cld-error", "Invalid transformation")],
        "",
        "Cloudinary: the header X-Cld-Error names",
    ),
    status(CLOUDINARY, 404, &[("x-cld-error", "Resource not found - a")], "", "Cloudinary: check the public id"),
    typed(
        "https://s.imgix.net/a.png?auto=format",
        &[("content-type", "image/avif"), ("content-length", "9")],
        "imgix: name the format",
    ),
    status("https://s.imgix.net/a.png", 403, &[], "", "imgix: the source takes only signed"),
    page("https://drive.google.com/file/d/1/view", "Google Drive: its links lead to pages"),
    status(
        "https://drive.google.com/uc?export=download&id=1",
        303,
        &[("location", "https://drive.usercontent.google.com/")],
        "",
        "Google Drive: its links",
    ),
    page("https://www.dropbox.com/scl/fi/1/a.png?rlkey=2&dl=0", "Dropbox: the link leads to a page"),
    status(
        "https://www.dropbox.com/scl/fi/1/a.png?rlkey=2&raw=1",
        302,
        &[("location", "/x")],
        "",
        "Dropbox: raw=1 and dl=1 redirect",
    ),
    status("https://www.dropbox.com/scl/fi/1/a.png", 404, &[], "", "Dropbox: the link was withdrawn"),
    status("https://uc1.dl.dropboxusercontent.com/cd/0/a", 410, &[], "", "Dropbox: addresses that a redirect led to"),
    page(GITHUB, "GitHub: this address shows a page"),
    status(GITHUB, 404, &[], "", "GitHub: the repository is private"),
    status("https://github.com/o/r/raw/main/a.png", 302, &[("location", "/x")], "", "GitHub: this address redirects"),
    status(
        "https://github.com/o/r/releases/download/v1/a.png",
        302,
        &[("location", "/x")],
        "",
        "GitHub: files of a release",
    ),
    Case {
        format: Some(Format::LfsPointer),
        ..typed(RAW, &[("content-type", "text/plain"), ("content-length", "9")], "GitHub: the file is kept in Git LFS")
    },
    typed(RAW, TYPE, "GitHub: the type cannot be set there"),
    status(RAW, 404, &[], "", "GitHub: the repository is private, or branch"),
    Case {
        format: Some(Format::LfsPointer),
        ..typed(CDN, &[("content-type", "text/plain"), ("content-length", "9")], "Git LFS: what is published")
    },
    status(
        DISCORD,
        404,
        &[("server", "cloudflare")],
        "This content is no longer available.",
        "Discord: attachment links are signed",
    ),
    typed(
        "https://media.discordapp.net/attachments/1/2/a.png?format=avif",
        &[("content-type", "image/avif"), ("content-length", "9")],
        "Discord: Discord may convert",
    ),
    status(NGROK, 404, &[("ngrok-error-code", "ERR_NGROK_3200")], "", "ngrok: the tunnel is not running"),
    status(NGROK, 502, &[("ngrok-error-code", "ERR_NGROK_8012")], "", "ngrok: ngrok is there"),
    page(NGROK, "ngrok: the free plan shows a page"),
    status(NGROK, 429, &[], "", "ngrok: the free plan's limits"),
    typed(
        "https://static.wixstatic.com/media/1~mv2.png/v1/fill/w_9,enc_avif/a.png",
        &[("content-type", "image/avif"), ("content-length", "9")],
        "Wix: the part behind /v1/",
    ),
    status("https://static.wixstatic.com/media/1~mv2.png", 404, &[], "", "Wix: check the file's id"),
    typed(
        "https://cdn.shopify.com/s/files/1/a.png?v=1",
        &[("content-type", "image/avif"), ("content-length", "9")],
        "Shopify: the CDN picks a format",
    ),
    status("https://cdn.shopify.com/s/files/1/a.png?v=1", 404, &[], "", "Shopify: the file was deleted"),
    typed(CDN, NGINX, "nginx: give the file's ending the type image/png"),
    typed(BARE, NGINX, "nginx: give files without an ending the type image/png"),
    endless(CDN, &[("content-type", "image/png"), ("server", "nginx")], "nginx: something changes the file on the way"),
    coded(&[("content-encoding", "gzip"), ("server", "nginx")], "nginx: files are sent compressed"),
    headed(&[("server", "nginx")], "nginx: allow HEAD where a rule refuses it"),
    looped(&[("location", CDN), ("server", "nginx")], "nginx: the program behind nginx believes"),
    typed(CDN, APACHE, "Apache: give the file's ending the type image/png"),
    typed(BARE, APACHE, "Apache: give the file the type image/png"),
    endless(CDN, &[("content-type", "image/png"), ("server", "Apache/2.4")], "Apache: a filter or a program changes"),
    coded(&[("content-encoding", "gzip"), ("server", "Apache")], "Apache: files are sent compressed"),
    headed(&[("server", "Apache")], "Apache: allow HEAD where a rewrite rule"),
    looped(&[("location", "/a.png"), ("server", "Apache")], "Apache: the program behind Apache believes"),
    typed(CDN, CADDY, "Caddy: give the file's ending the type image/png"),
    typed(BARE, CADDY, "Caddy: give the file the type image/png"),
    headed(&[("server", "Caddy")], "Caddy: allow HEAD where a rule refuses it"),
    typed(CDN, LIGHTTPD, "lighttpd: give the file's ending the type image/png"),
    typed(BARE, LIGHTTPD, "lighttpd: give the file the type image/png"),
    endless(
        CDN,
        &[("content-type", "image/png"), ("server", "lighttpd/1.4")],
        "lighttpd: a program's answer is passed",
    ),
];

impl Case {
    fn findings(self) -> Vec<Finding> {
        let asset = Asset::new(self.url);
        let target = Target::parse(&asset);
        let answer = |status: u16| {
            let fields = self.fields.iter().map(|(name, value)| ((*name).to_owned(), Outside::from(*value)));
            let excerpt = (!self.body.is_empty()).then(|| Outside::from(self.body));
            let elapsed = std::time::Duration::from_millis(9);
            let headers = Headers::new(fields.collect());
            Answer::Response(Response { status, headers, elapsed, excerpt, part_of: None })
        };
        let content = match self.format {
            Some(format) => Content::Incomplete { format },
            None => Content::NotSeen,
        };
        let (head, get) = (answer(self.status.0), answer(self.status.1));
        let seen = Observation { head, get, content, at: Some(1_795_293_180), ..Observation::default() };
        let (wanted, rules) = (Wanted::default(), Rules::embedded());
        let subject =
            Subject { rules, asset: &asset, target: &target, wanted: &wanted, seen: &seen, way: Way::Url, named: None };
        judge(crate::entry::Stage::Response, &subject)
    }

    fn hint(self) -> String {
        let findings = self.findings();
        let found = findings.iter().find(|finding| finding.code() == self.code);
        found.map_or_else(|| format!("no {}: {findings:?}", self.code), |finding| finding.hint.clone())
    }
}

#[test]
fn each_recipe_has_a_case_that_provokes_it() {
    let hints: Vec<String> = CASES.iter().map(|case| case.hint()).collect();
    for (case, hint) in CASES.iter().zip(&hints) {
        assert!(hint.starts_with(case.hint), "{}: {hint}", case.url);
    }
    let missing: Vec<String> = Table::embedded()
        .host
        .iter()
        .flat_map(|host| host.recipes.iter().map(move |recipe| (host, recipe)))
        .map(|(host, recipe)| format!("{}: {}", host.name, recipe.fix.split("{type}").next().unwrap_or_default()))
        .filter(|start| !hints.iter().any(|hint| hint.starts_with(start.as_str())))
        .collect();
    assert!(missing.is_empty(), "nothing provokes {missing:#?}");
}

#[test]
fn look_alikes_are_nobody() {
    for url in [
        "https://evil-s3.amazonaws.com.example.org/a.png",
        "https://b.s3.amazonaws.com.example.org/a.png",
        "https://example.org/b.s3.amazonaws.com/a.png",
        "https://storage.googleapis.com.example.org/b/a.png",
        "https://notstorage.googleapis.com.co/b/a.png",
        "https://acct.blob.core.windows.net.example.org/c/a.png",
        "https://res.cloudinary.com.example.org/demo/a",
        "https://mydropbox.com/scl/fi/1/a.png",
        "https://raw.githubusercontent.com.example.org/o/r/main/a.png",
        "https://notdiscordapp.com/attachments/1/2/a.png",
        "https://vercel.app.example.org/a.png",
        "https://example.org/?drive.google.com/file/d/1",
    ] {
        for case in [typed(url, TYPE, ""), status(url, 403, &[], "<Code>AccessDenied</Code>", ""), page(url, "")] {
            let hint = case.hint();
            let known = Table::embedded().host.iter().find(|host| hint.starts_with(&format!("{}: ", host.name)));
            assert!(known.is_none() && !hint.starts_with("no "), "{url}: {hint}");
        }
    }
}

#[test]
fn the_table_reads_and_every_recipe_has_a_source_and_quoted_placeholders() {
    let table: Table = toml::from_str(TEXT).expect("the table of hosts");
    let mut used = BTreeSet::new();
    for (host, recipe) in table.host.iter().flat_map(|host| host.recipes.iter().map(move |recipe| (host, recipe))) {
        let name = &host.name;
        assert!(table.source.contains_key(&recipe.source), "{name}: no source {}", recipe.source);
        used.insert(recipe.source.as_str());
        assert!(
            !host.addresses.is_empty() || !host.headers.is_empty() || host.query.is_some(),
            "{name} cannot be known"
        );
        assert!(!recipe.on.is_empty() && recipe.fix.ends_with(['.', ':', ')', 'T']), "{name}: {}", recipe.fix);
        assert_eq!(
            recipe.fix.ends_with(':'),
            recipe.paste.is_some() || recipe.link.is_some() || recipe.set.is_some(),
            "{name}: {}",
            recipe.fix
        );
        for (place, text) in recipe.paste.iter().flat_map(|command| command.split('\'').enumerate()) {
            assert!(place % 2 == 1 || !text.contains(['{', '}', '$', '`', '\\', ';', '|', '<', '>']), "{name}: {text}");
            assert!(place % 2 == 0 || shell::word(text).is_some(), "{name}: {text}");
        }
    }
    assert_eq!(used, table.source.keys().map(String::as_str).collect(), "each source is used");
    for (name, source) in &table.source {
        assert!(source.page.starts_with("https://") && source.date.len() == 10, "{name}");
    }
}

#[test]
fn commands_stand_on_one_line_and_name_the_object() {
    let words = |url: &'static str| typed(url, TYPE, "").hint();
    assert_eq!(
        words("https://b.s3.eu-west-1.amazonaws.com/my%20photo%27s;id.png").lines().nth(1),
        Some(
            r#"  aws s3 cp --content-type 'image/png' --metadata-directive REPLACE 's3://b/my photo'"'"'s;id.png' 's3://b/my photo'"'"'s;id.png'"#
        )
    );
    assert!(words("https://b.s3.amazonaws.com/a%0aid.png").contains("'s3://b/KEY' 's3://b/KEY'"));
    assert!(
        words(AZURE).contains("--account-name='acct' --container-name='c' --name='a.png' --content-type='image/png'")
    );
    assert!(words(STORE).contains(
        "--endpoint-url='https://store.h.com:9000' --content-type='image/png' --metadata-directive=REPLACE 's3://b/a/c.png' "
    ));
    let lines = |case: Case| case.hint().lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(typed(CDN, NGINX, ""))[..2], ["  types { image/png png; }", "  nginx -t && nginx -s reload"]);
    let apache = ["  <Files \"picture\">", "    ForceType image/png", "  </Files>"];
    assert_eq!(lines(typed(BARE, APACHE, ""))[..3], apache);
    let hostile = Case { url: "https://cdn.h.com/a%22%3E;{x}", ..typed(BARE, APACHE, "") };
    assert_eq!(lines(hostile)[0], "  <Files \"FILE\">");
    let hint = page(GITHUB, "").hint();
    assert_eq!(hint.lines().nth(1), Some("  https://raw.githubusercontent.com/o/r/main/a.png"));
    assert!(!status(S3_SIGNED, 403, &[], "", "").hint().contains("abcdef"), "no secret is in a hint");
}

/// Commands of every recipe, filled with what is hostile, are words to a shell and nothing else.
#[test]
fn hostile_names_stay_words() {
    let hostile = "a'b%27%3Btouch%20pwned;$(id)`id`&&id|id%20--delete%20-";
    for prefix in
        ["https://b.s3.amazonaws.com/", "https://storage.googleapis.com/b/", "https://acct.blob.core.windows.net/c/"]
    {
        let asset = format!("{prefix}{hostile}");
        let case = Case { url: Box::leak(asset.into_boxed_str()), ..typed(S3, TYPE, "") };
        let hint = case.hint();
        let command = hint.lines().nth(1).expect("a command").trim_start();
        // Every program of a recipe becomes a printer of its words.
        let script = format!(
            "aws() {{ printf '%s\\n' \"$@\"; }}; gcloud() {{ aws \"$@\"; }}; az() {{ aws \"$@\"; }}; {command}"
        );
        let output = std::process::Command::new("bash").args(["--norc", "-c", &script]).output().expect("bash");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(output.status.success() && output.stderr.is_empty(), "{command}");
        assert!(text.lines().any(|word| word.ends_with("a'b';touch pwned;$(id)`id`&&id|id --delete -")), "{text}");
    }
}

#[test]
fn a_recipe_that_asks_for_more_comes_first() {
    let demands = |more: &str| {
        let text = format!("on = [\"type\"]\nfix = \"mend it\"\nsource = \"page\"\n{more}");
        toml::from_str::<Recipe>(&text).expect("a recipe").demands()
    };
    assert_eq!(demands(""), 0);
    assert_eq!(demands("signed = true"), 1);
    assert_eq!(demands("body = \"abcd\""), 4);
    assert_eq!(demands("header = \"server: nginx\""), 11);
    assert_eq!(demands("body = \"abcd\"\nheader = \"server: nginx\"\nsigned = true"), 16);
}
