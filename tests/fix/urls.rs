//! Addresses of image services.

use crate::program::{Outcome, program};

fn fix(arguments: &[&str]) -> Outcome {
    program().args(["fix", "--offline"]).args(arguments).run()
}

#[test]
fn the_address_is_rewritten_without_network() {
    fix(&["--to", "jpeg", "https://acme.imgix.net/photo.avif?auto=format"])
        .exits(0)
        .says("-> https://acme.imgix.net/photo.avif?w=8000&h=8000&fit=max&fm=jpg")
        .says("the picture was not seen");
    fix(&["https://static.wixstatic.com/media/11_ab~mv2.png/v1/fill/w_9000,h_4000,enc_avif/a.png"])
        .exits(0)
        .says("-> https://static.wixstatic.com/media/11_ab~mv2.png/v1/fit/w_5000,h_5000/file.jpg");
}

#[test]
fn a_signed_address_is_said_to_need_signing() {
    let outcome = fix(&["-f", "json", "https://acme.imgix.net/photo.jpg?s=0123456789abcdef"]).exits(0);
    let json = outcome.json();
    assert_eq!(json["output"], "https://acme.imgix.net/photo.jpg?w=8000&h=8000&fit=max");
    assert!(json["message"].as_str().is_some_and(|message| message.contains("sign this address before it is used")));
    outcome.never_says("0123456789abcdef");
}

#[test]
fn other_addresses_are_refused_with_a_way_out() {
    fix(&["https://cdn.example.com/photo.jpg"]).exits(1).says("download it, and fix the file");
    fix(&["data:image/gif;base64,R0lGODlhAQABAAAAACw="]).exits(1).says("only local files and addresses");
}
