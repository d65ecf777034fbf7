use super::*;

fn rendered(media: OutputMedia) -> Vec<u8> {
    Output { media, seed: 0x0102_0304_0506_0708 }.render()
}

#[test]
fn the_same_output_has_the_same_bytes_and_another_has_others() {
    let media = OutputMedia::Png { width: 64, height: 36 };
    assert_eq!(rendered(media), rendered(media));
    assert_ne!(rendered(media), Output { media, seed: 9 }.render());
}

#[test]
fn files_stay_small() {
    let duration = Duration::from_secs(10);
    assert!(rendered(OutputMedia::Mp4 { width: 1280, height: 720, fps: 24, duration }).len() < 250_000);
    assert!(rendered(OutputMedia::Png { width: 3840, height: 2160 }).len() < 250_000);
}
