//! A response that triggers each recipe, provider by provider.

use super::case::{
    APACHE, AZURE, BARE, CDN, Case, GITHUB, NGINX, S3, S3_SIGNED, STORE, TYPE, coded, endless, headed, headless,
    looped, page, status, typed,
};
use crate::media::Format;
use crate::rules::hints::providers::table::ProviderTable;

const CADDY: &[(&str, &str)] = &[("content-length", "9"), ("content-type", "text/x-png"), ("server", "Caddy")];
const LIGHTTPD: &[(&str, &str)] =
    &[("content-type", "text/x-png"), ("content-length", "9"), ("server", "lighttpd/1.4.69")];
const S3_ENDED: &str =
    "https://b.s3.amazonaws.com/a.png?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=abcdef";
const STORE_ENDED: &str =
    "https://store.h.com/b/a.png?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=abcdef";
const R2: &str = "https://0a1b.r2.cloudflarestorage.com/b/a.png";
const GCS: &str = "https://storage.googleapis.com/b/a.png";
const SUPABASE: &str = "https://p.supabase.co/storage/v1/object/public/b/a.png";
const FRONT: &str = "https://d1.cloudfront.net/a.png";
const CLOUDINARY: &str = "https://res.cloudinary.com/demo/image/upload/f_auto/a";
const RAW: &str = "https://raw.githubusercontent.com/o/r/main/a.png";
const DISCORD: &str = "https://cdn.discordapp.com/attachments/1/2/a.png?ex=abcdef&is=abcdef&hm=abcdef";
const FIREBASE: &str = "https://firebasestorage.googleapis.com/v0/b/p.appspot.com/o/a%2Fb.png";
const NGROK: &str = "https://a.ngrok-free.app/a.png";

const CASES: &[Case] = &[
    typed(S3, TYPE, "Amazon S3: set the Content-Type of the object to image/png"),
    typed(
        CDN,
        &[("content-type", "binary/octet-stream"), ("content-length", "9"), ("server", "AmazonS3")],
        "Amazon S3: set",
    ),
    headless(S3_SIGNED, "Amazon S3: a URL signed for GET rejects HEAD"),
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
            "S3-compatible store: a URL signed for GET rejects HEAD (SignatureDoesNotMatch: the method is \
             signed as well), and the API needs both: send an upload, or make nginx",
        )
    },
    headless(
        STORE,
        "S3-compatible store: a URL signed for GET rejects HEAD (SignatureDoesNotMatch: the method is \
         signed as well), and the API needs both: send an upload, or a URL that",
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
        "Cloudflare R2: this endpoint accepts only",
    ),
    typed("https://pub-0a.r2.dev/a.png", TYPE, "Cloudflare R2: store the object again"),
    status(
        "https://pub-0a.r2.dev/a.png",
        429,
        &[("server", "cloudflare")],
        "",
        "Cloudflare R2: r2.dev URLs are rate-limited",
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
    status(GCS, 400, &[], "<Error><Code>ExpiredToken</Code>", "Google Cloud Storage: the signed URL has expired"),
    status(GCS, 403, &[], "<Error><Code>AccessDenied</Code>", "Google Cloud Storage: the object is not public"),
    status(GCS, 404, &[], "<Error><Code>NoSuchKey</Code>", "Google Cloud Storage: there is no object"),
    typed(AZURE, TYPE, "Azure Blob Storage: set the Content-Type"),
    status(
        "https://acct.blob.core.windows.net/c/a.png?sp=r&se=2020-01-01T00:00Z&sig=a",
        403,
        &[],
        "",
        "Azure Blob Storage: create a new SAS",
    ),
    status(
        AZURE,
        403,
        &[],
        "<AuthenticationErrorDetail>Signature not valid in the specified time frame: Start",
        "Azure Blob Storage: the SAS has expired",
    ),
    status(
        AZURE,
        409,
        &[],
        "<Error><Code>PublicAccessNotPermitted</Code>",
        "Azure Blob Storage: the account does not allow anonymous",
    ),
    status(
        AZURE,
        409,
        &[("x-ms-error-code", "PublicAccessNotPermitted")],
        "",
        "Azure Blob Storage: the account does not allow anonymous",
    ),
    status(
        AZURE,
        403,
        &[("x-ms-error-code", "AuthorizationPermissionMismatch")],
        "",
        "Azure Blob Storage: the container is private",
    ),
    status(AZURE, 404, &[("x-ms-error-code", "ResourceNotFound")], "", "Azure Blob Storage: there is no blob"),
    typed(SUPABASE, TYPE, "Supabase Storage: upload the file again"),
    status(
        "https://p.supabase.co/storage/v1/object/sign/b/a.png?token=e30",
        400,
        &[],
        r#"{"statusCode":"400","error":"InvalidJWT""#,
        "Supabase Storage: the signed URL has expired",
    ),
    status(
        "https://p.supabase.co/storage/v1/object/sign/b/a.png?token=e30",
        400,
        &[],
        r#"{"error":"Invalid JWT""#,
        "Supabase Storage: the signed URL has expired",
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
        "Cloudflare: a bot check",
    ),
    status(CDN, 403, &[("server", "cloudflare"), ("cf-ray", "1")], "", "Cloudflare: a rule may block"),
    looped(&[("location", CDN), ("server", "cloudflare")], "Cloudflare: the origin is requested over http"),
    status(FRONT, 403, &[], "<Error><Code>MissingKey</Code>", "CloudFront: the distribution accepts only signed"),
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
        "CloudFront: AWS WAF or a geographic restriction",
    ),
    status(
        FRONT,
        503,
        &[("x-cache", "Error from cloudfront")],
        "",
        "CloudFront: AWS WAF or a geographic restriction may",
    ),
    status(FRONT, 403, &[("server", "AmazonS3")], "<Error><Code>AccessDenied</Code>", "CloudFront: the origin rejects"),
    endless(FRONT, &[("content-type", "image/png"), ("transfer-encoding", "chunked")], "CloudFront: chunked responses"),
    status(CDN, 405, &[("x-amzn-waf-action", "captcha")], "", "AWS WAF: the web ACL requires a browser"),
    status(
        "https://a.vercel.app/a.png",
        403,
        &[("x-vercel-mitigated", "challenge")],
        "",
        "Vercel: the firewall requires a browser",
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
        "Cloudinary: the header X-Cld-Error states",
    ),
    status(CLOUDINARY, 404, &[("x-cld-error", "Resource not found - a")], "", "Cloudinary: check the public ID"),
    typed(
        "https://s.imgix.net/a.png?auto=format",
        &[("content-type", "image/avif"), ("content-length", "9")],
        "imgix: name the format",
    ),
    status("https://s.imgix.net/a.png", 403, &[], "", "imgix: the source accepts only signed"),
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
    status("https://uc1.dl.dropboxusercontent.com/cd/0/a", 410, &[], "", "Dropbox: URLs that a redirect leads to"),
    page(GITHUB, "GitHub: this URL is a page"),
    status(GITHUB, 404, &[], "", "GitHub: the repository is private"),
    status("https://github.com/o/r/raw/main/a.png", 302, &[("location", "/x")], "", "GitHub: this URL redirects"),
    status(
        "https://github.com/o/r/releases/download/v1/a.png",
        302,
        &[("location", "/x")],
        "",
        "GitHub: release files",
    ),
    Case {
        format: Some(Format::LfsPointer),
        ..typed(
            RAW,
            &[("content-type", "text/plain"), ("content-length", "9")],
            "GitHub: the file is stored in Git LFS",
        )
    },
    typed(RAW, TYPE, "GitHub: the type cannot be set there"),
    status(RAW, 404, &[], "", "GitHub: the repository is private, or the branch"),
    Case {
        format: Some(Format::LfsPointer),
        ..typed(CDN, &[("content-type", "text/plain"), ("content-length", "9")], "Git LFS: a Git LFS pointer")
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
    status(NGROK, 502, &[("ngrok-error-code", "ERR_NGROK_8012")], "", "ngrok: ngrok is running"),
    page(NGROK, "ngrok: the free plan returns an interstitial"),
    status(NGROK, 429, &[], "", "ngrok: the limits of the free plan"),
    typed(
        "https://static.wixstatic.com/media/1~mv2.png/v1/fill/w_9,enc_avif/a.png",
        &[("content-type", "image/avif"), ("content-length", "9")],
        "Wix: the part after /v1/",
    ),
    status("https://static.wixstatic.com/media/1~mv2.png", 404, &[], "", "Wix: check the file ID"),
    typed(
        "https://cdn.shopify.com/s/files/1/a.png?v=1",
        &[("content-type", "image/avif"), ("content-length", "9")],
        "Shopify: the CDN chooses a format",
    ),
    status("https://cdn.shopify.com/s/files/1/a.png?v=1", 404, &[], "", "Shopify: the file was deleted"),
    status(
        S3_SIGNED,
        403,
        &[],
        "<Error><Code>InvalidAccessKeyId</Code>",
        "Amazon S3: the store does not know the access key",
    ),
    status(S3_SIGNED, 400, &[], "<Error><Code>InvalidToken</Code>", "Amazon S3: the session token"),
    status(S3_SIGNED, 403, &[], "<Error><Code>RequestTimeTooSkewed</Code>", "Amazon S3: the clock"),
    status(
        S3_SIGNED,
        400,
        &[],
        "<Code>AuthorizationQueryParametersError</Code>",
        "Amazon S3: the query of the signed URL",
    ),
    status(
        S3_SIGNED,
        400,
        &[],
        "<Code>AuthorizationHeaderMalformed</Code>",
        "Amazon S3: the URL was signed for another region",
    ),
    status(S3_SIGNED, 403, &[], "<Message>Request has expired</Message>", "Amazon S3: sign a new URL"),
    status(
        S3_SIGNED,
        403,
        &[],
        "<Error><Code>AccessDenied</Code>",
        "Amazon S3: the credentials that signed the URL may not",
    ),
    status(
        S3_SIGNED,
        307,
        &[],
        "<Error><Code>TemporaryRedirect</Code>",
        "Amazon S3: the bucket is in another region than the URL says, and",
    ),
    status(
        STORE,
        403,
        &[],
        "<Error><Code>InvalidAccessKeyId</Code>",
        "S3-compatible store: the store does not know the access key",
    ),
    status(STORE, 400, &[], "<Error><Code>InvalidToken</Code>", "S3-compatible store: the session token"),
    status(STORE, 403, &[], "<Error><Code>RequestTimeTooSkewed</Code>", "S3-compatible store: the clock"),
    status(
        STORE,
        400,
        &[],
        "<Code>AuthorizationQueryParametersError</Code>",
        "S3-compatible store: the query of the signed URL",
    ),
    status(
        STORE,
        400,
        &[],
        "<Code>AuthorizationHeaderMalformed</Code>",
        "S3-compatible store: the URL was signed for another region",
    ),
    status(
        STORE,
        403,
        &[],
        "<Error><Code>AccessDenied</Code>",
        "S3-compatible store: the credentials that signed the URL may not",
    ),
    status(
        "https://storage.googleapis.com/b/a.png?X-Goog-Signature=a",
        403,
        &[],
        "<Code>SignatureDoesNotMatch</Code>",
        "Google Cloud Storage: the URL was changed",
    ),
    status(
        "https://storage.googleapis.com/b/a.png?X-Goog-Signature=a",
        403,
        &[],
        "<Code>AccessDenied</Code>",
        "Google Cloud Storage: the account that signed",
    ),
    status(
        "https://acct.blob.core.windows.net/c/a.png?sp=r&sig=a",
        403,
        &[],
        "",
        "Azure Blob Storage: the SAS does not cover",
    ),
    status(
        "https://d1.cloudfront.net/a.png?Expires=1999999999&Signature=a",
        403,
        &[],
        "<Error><Code>MissingKey</Code>",
        "CloudFront: the query of the signed URL",
    ),
    status(
        "https://github.com/user-attachments/assets/1-2-3",
        302,
        &[("location", "https://github-production-user-asset.s3.amazonaws.com/1?X-Amz-Signature=a")],
        "",
        "GitHub: attachments redirect",
    ),
    typed(
        FIREBASE,
        &[("content-type", "application/json"), ("content-length", "9")],
        "Firebase Storage: without alt=media",
    ),
    status(FIREBASE, 400, &[], "", "Firebase Storage: write the path of the object as one segment"),
    status(FIREBASE, 404, &[], "", "Firebase Storage: there is no object"),
    status(
        "https://v5.airtableusercontent.com/v3/u/3/3/1577836800000/a/b/c",
        410,
        &[],
        "",
        "Airtable: attachment links expire",
    ),
    typed(CDN, NGINX, "nginx: map the file's extension to image/png"),
    typed(BARE, NGINX, "nginx: set the type of files without an extension to image/png"),
    endless(CDN, &[("content-type", "image/png"), ("server", "nginx")], "nginx: something changes the file on the fly"),
    coded(&[("content-encoding", "gzip"), ("server", "nginx")], "nginx: files are sent compressed"),
    headed(&[("server", "nginx")], "nginx: allow HEAD where a rule rejects it"),
    looped(&[("location", CDN), ("server", "nginx")], "nginx: the program behind nginx assumes"),
    typed(CDN, APACHE, "Apache: map the file's extension to image/png"),
    typed(BARE, APACHE, "Apache: set the type of the file to image/png"),
    endless(CDN, &[("content-type", "image/png"), ("server", "Apache/2.4")], "Apache: a filter or a program changes"),
    coded(&[("content-encoding", "gzip"), ("server", "Apache")], "Apache: files are sent compressed"),
    headed(&[("server", "Apache")], "Apache: allow HEAD where a rewrite rule"),
    looped(&[("location", "/a.png"), ("server", "Apache")], "Apache: the program behind Apache assumes"),
    typed(CDN, CADDY, "Caddy: map the file's extension to image/png"),
    typed(BARE, CADDY, "Caddy: set the type of the file to image/png"),
    headed(&[("server", "Caddy")], "Caddy: allow HEAD where a rule rejects it"),
    typed(CDN, LIGHTTPD, "lighttpd: map the file's extension to image/png"),
    typed(BARE, LIGHTTPD, "lighttpd: set the type of the file to image/png"),
    endless(CDN, &[("content-type", "image/png"), ("server", "lighttpd/1.4")], "lighttpd: the response of a program"),
];

#[test]
fn each_recipe_has_a_case_that_triggers_it() {
    let hints: Vec<String> = CASES.iter().map(|case| case.hint()).collect();
    for (case, hint) in CASES.iter().zip(&hints) {
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
