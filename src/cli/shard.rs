//! `--shard`: the share of a list that one of several runs judges.

use std::str::FromStr;

/// One share of so many. Which share an asset belongs to follows from its text alone, so that it stays there whatever
/// else is in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Counted from 1.
    number: u64,
    of: u64,
}

impl Shard {
    /// Says whether an asset belongs to this share.
    pub(crate) fn has(self, text: &[u8]) -> bool {
        hash(text).checked_rem(self.of) == self.number.checked_sub(1)
    }
}

/// FNV-1a of 64 bits with its high half folded in: the same on every machine, and for ever.
fn hash(text: &[u8]) -> u64 {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x100_0000_01b3;
    let hash = text.iter().fold(START, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    hash ^ (hash >> 32)
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
        let shard =
            text.split_once('/').and_then(|(number, of)| Some(Self { number: digits(number)?, of: digits(of)? }));
        let shard = shard.filter(|shard| (1..=shard.of).contains(&shard.number));
        shard.ok_or("write the share and how many there are, as in 1/4")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_or_refused() {
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, of: 4 }));
        for text in ["", "1", "0/4", "5/4", "1/0", "0/0", "-1/4", "+1/4", "1/4/4", "a/b", "1/99999999999999999999"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_asset_has_one_share_and_shares_are_even() {
        let shards: Vec<Shard> = (1..=7).map(|number| Shard { number, of: 7 }).collect();
        let mut sizes = [0; 7];
        for number in 0..7000 {
            let text = format!("https://cdn.example.com/{number}.jpg");
            let places: Vec<usize> = (0..7).filter(|place| shards[*place].has(text.as_bytes())).collect();
            assert_eq!(places.len(), 1, "{text}");
            sizes[places[0]] += 1;
        }
        assert!(sizes.iter().all(|size| (800..1200).contains(size)), "{sizes:?}");
    }

    #[test]
    fn shares_stay_as_they_are() {
        assert_eq!(hash(b""), 0xcbf2_9ce4_8422_2325 ^ 0xcbf2_9ce4);
        assert_eq!(hash(b"a"), 0xaf63_dc4c_8601_ec8c ^ 0xaf63_dc4c);
    }
}
