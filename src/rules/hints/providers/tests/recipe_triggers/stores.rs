//! Responses of object stores.

use super::super::case::{AZURE, CDN, Case, S3, S3_SIGNED, STORE, TYPE, endless, headless, status, typed};

const S3_ENDED: &str =
    "https://b.s3.amazonaws.com/a.png?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=abcdef";
const STORE_ENDED: &str =
    "https://store.h.com/b/a.png?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=abcdef";
const R2: &str = "https://0a1b.r2.cloudflarestorage.com/b/a.png";
const GCS: &str = "https://storage.googleapis.com/b/a.png";

pub(super) const CASES: &[Case] = &[
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
        "Amazon S3: send an upload, or sign",
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
    status(STORE_ENDED, 403, &[], "<Code>AccessDenied</Code>", "S3-compatible store: send an upload, or sign"),
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
];
