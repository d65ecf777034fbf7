use axum::body::Body;
use futures_util::{StreamExt as _, stream};
use tokio::time::timeout;

use super::*;

fn uploads() -> (tempfile::TempDir, Arc<MovableClock>, Uploads) {
    let parent = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(MovableClock::new());
    let uploads = Uploads::new(parent.path(), Arc::clone(&clock)).expect("a folder for uploads");
    (parent, clock, uploads)
}

fn store(uploads: &Uploads, id: &str, size: u64) -> Result<String, UploadError> {
    let uri = uploads.announce(id.to_owned());
    uploads.open(id)?;
    std::fs::write(uploads.path(id), "x").expect("a file");
    uploads.grow(id, size)?;
    uploads.finish(id)?;
    Ok(uri)
}

#[test]
fn an_upload_is_found_until_it_expires() {
    let (_parent, clock, uploads) = uploads();
    let announced = uploads.announce("a".to_owned());
    assert_eq!(uploads.find(&announced), UploadedFile::Empty);
    let stored = store(&uploads, "b", 600).expect("room");
    assert!(matches!(uploads.find(&stored), UploadedFile::Stored(path) if path.exists()));
    assert_eq!(uploads.find("runway://preflight/c"), UploadedFile::Unknown);
    assert_eq!(uploads.find("runway://other"), UploadedFile::Unknown);
    clock.advance(LIFETIME + Duration::from_secs(1));
    assert_eq!(uploads.find(&stored), UploadedFile::Expired);
}

#[test]
fn an_upload_is_received_once_and_can_be_retried_after_a_failure() {
    let (_parent, _clock, uploads) = uploads();
    uploads.announce("a".to_owned());
    assert!(uploads.open("a").is_ok());
    assert_eq!(uploads.open("a"), Err(UploadError::NotExpected));
    uploads.abandon("a");
    assert!(uploads.open("a").is_ok());
    assert_eq!(uploads.finish("a"), Ok(()));
    assert_eq!(uploads.open("a"), Err(UploadError::NotExpected));
    assert_eq!(uploads.open("b"), Err(UploadError::NotExpected));
}

#[test]
fn the_oldest_uploads_are_evicted_and_a_reset_discards_all() {
    let (_parent, _clock, uploads) = uploads();
    let first = store(&uploads, "a", MAX_UPLOADS_BYTES / 2).expect("room");
    let second = store(&uploads, "b", MAX_UPLOADS_BYTES / 2).expect("room");
    let third = store(&uploads, "c", 1).expect("room");
    assert_eq!(uploads.find(&first), UploadedFile::Unknown);
    assert!(matches!(uploads.find(&second), UploadedFile::Stored(_)));
    // An upload in progress is not evicted.
    uploads.announce("d".to_owned());
    assert!(uploads.open("d").is_ok());
    assert_eq!(uploads.grow("d", MAX_UPLOADS_BYTES + 1), Err(UploadError::Full));
    uploads.reset();
    assert_eq!(uploads.find(&third), UploadedFile::Unknown);
    assert_eq!(lock(&uploads.known).bytes, 0);
    assert!(!uploads.path("c").exists());
}

#[tokio::test]
async fn a_client_that_disconnects_leaves_nothing() {
    let (_parent, _clock, uploads) = uploads();
    uploads.announce("a".to_owned());
    let form = "--b\r\nContent-Disposition: form-data; name=key\r\n\r\na\r\n\
        --b\r\nContent-Disposition: form-data; name=file\r\n\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    let endless = stream::iter([Ok::<_, io::Error>(form)]).chain(stream::pending());
    let content_type = Some("multipart/form-data; boundary=b");
    let receiving = uploads.receive("a", content_type, Body::from_stream(endless));
    assert!(timeout(Duration::from_millis(100), receiving).await.is_err());
    assert_eq!((lock(&uploads.known).bytes, uploads.path("a").exists()), (0, false));
    assert!(uploads.open("a").is_ok());
}

#[test]
fn a_file_of_a_discarded_upload_is_removed() {
    let (_parent, _clock, uploads) = uploads();
    uploads.announce("a".to_owned());
    assert!(uploads.open("a").is_ok());
    uploads.reset();
    // The file is created after the reset.
    std::fs::write(uploads.path("a"), "x").expect("a file");
    uploads.abandon("a");
    assert!(!uploads.path("a").exists());
}

#[test]
fn nothing_is_left_after_the_end_although_a_check_still_runs() {
    let (parent, _clock, uploads) = uploads();
    store(&uploads, "a", 600).expect("room");
    let held = Arc::new(uploads);
    held.close();
    assert_eq!(std::fs::read_dir(parent.path()).map(Iterator::count).ok(), Some(0));
}
