//! Random secrets, in random encodings, in every place where a host can put them: no output contains a part of them.

use super::{checked, percent};
use crate::server::Server;
use crate::server::echo::PLACES;

/// A linear congruential generator: the same secrets in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn pick(&mut self, letters: &[u8]) -> char {
        char::from(letters[self.below(letters.len())])
    }

    /// Returns three words of eight letters or more, with the symbols of signatures between them.
    fn secret(&mut self) -> Vec<String> {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..3).map(|_| (0..8 + self.below(6)).map(|_| self.pick(letters)).collect()).collect()
    }
}

#[test]
fn k04_no_part_of_a_random_secret_is_in_any_output() {
    let server = Server::start();
    let mut random = Random(20_261_129);
    let mut words = Vec::new();
    let mut urls = Vec::new();
    for seed in 0..4 {
        for place in PLACES {
            let secret = random.secret();
            let joined = secret.join(&random.pick(b"/+=-_&.").to_string());
            urls.push(server.url("cdn", &format!("/echo/{place}/random-{seed}?s={}", percent(&joined))));
            words.extend(secret);
        }
    }
    let written = checked(&server.flags(), &urls);
    for (name, text) in written.all() {
        for word in &words {
            assert!(!text.contains(word.as_str()), "{word} is in {name}");
        }
    }
}
