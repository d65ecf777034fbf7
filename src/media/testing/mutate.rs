//! Mutates files, the same way on every machine.

/// Pseudo-random numbers (xorshift64).
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// Creates a generator with a seed other than zero.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 24).unwrap_or(usize::MAX) % limit.max(1)
    }

    /// Mutates a file in one to four places, most of them near its start, where headers are: flipped bits, boundary
    /// numbers in both byte orders, parts that are removed, duplicated, overwritten or truncated.
    pub(crate) fn mutate(&mut self, file: &[u8]) -> Vec<u8> {
        const NUMBERS: [u32; 14] =
            [0, 1, 2, 7, 8, 9, 15, 16, 0x7f, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, u32::MAX];
        let mut mutated = file.to_vec();
        for _ in 0..=self.below(4) {
            let reach = if self.below(3) == 0 { mutated.len() } else { mutated.len().min(512) };
            let at = self.below(reach);
            let end = (at + self.below(64)).min(mutated.len());
            let number = NUMBERS[self.below(NUMBERS.len())];
            match self.below(8) {
                0 => mutated.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
                1 => mutated[at..end].fill(0xff),
                2 => overwrite(&mut mutated, at, number.to_be_bytes()),
                3 => overwrite(&mut mutated, at, number.to_le_bytes()),
                4 => drop(mutated.drain(at..end)),
                5 => {
                    let part = mutated[at..end].to_vec();
                    mutated.splice(at..at, part);
                }
                6 => mutated[at..end].fill(0),
                _ => mutated.truncate(at.max(12)),
            }
        }
        mutated
    }
}

fn overwrite(bytes: &mut [u8], at: usize, number: [u8; 4]) {
    bytes.iter_mut().skip(at).zip(number).for_each(|(byte, new)| *byte = new);
}
