//! The worst of many: a bounded choice, so that a run of any length fits in the same memory.

use std::collections::BinaryHeap;

/// Keeps the rows of the lowest ranks, at most `limit` of them, and counts the others.
#[derive(Debug)]
pub(super) struct Worst<R, T> {
    limit: usize,
    kept: BinaryHeap<Row<R, T>>,
    left_out: u64,
}

impl<R: Ord, T> Worst<R, T> {
    /// Prepares for at most `limit` rows.
    pub(super) const fn new(limit: usize) -> Self {
        Self { limit, kept: BinaryHeap::new(), left_out: 0 }
    }

    /// Offers a row, which is made only where it is kept. The lower the rank, the worse; no two rows share one.
    pub(super) fn offer(&mut self, rank: R, make: impl FnOnce() -> T) {
        if self.kept.len() >= self.limit {
            self.left_out += 1;
            if self.kept.peek().is_none_or(|mildest| rank >= mildest.rank) {
                return;
            }
            self.kept.pop();
        }
        self.kept.push(Row { rank, row: make() });
    }

    /// Returns how many rows were offered and not kept.
    pub(super) const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Gives out what was kept, the worst first.
    pub(super) fn take(&mut self) -> Vec<(R, T)> {
        let rows = std::mem::take(&mut self.kept).into_sorted_vec();
        rows.into_iter().map(|Row { rank, row }| (rank, row)).collect()
    }
}

/// A row that is compared by its rank alone.
#[derive(Debug)]
struct Row<R, T> {
    rank: R,
    row: T,
}

impl<R: Ord, T> Ord for Row<R, T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank.cmp(&other.rank)
    }
}

impl<R: Ord, T> PartialOrd for Row<R, T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<R: Ord, T> PartialEq for Row<R, T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<R: Ord, T> Eq for Row<R, T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_stay_whatever_the_order() {
        let case = |ranks: &[u32], kept: &[u32], left_out: u64| {
            let mut worst = Worst::new(3);
            for rank in ranks {
                worst.offer(*rank, || rank * 10);
            }
            assert_eq!(worst.left_out(), left_out, "{ranks:?}");
            let rows: Vec<(u32, u32)> = kept.iter().map(|rank| (*rank, rank * 10)).collect();
            assert_eq!(worst.take(), rows, "{ranks:?}");
        };
        case(&[], &[], 0);
        case(&[3, 1, 2], &[1, 2, 3], 0);
        case(&[5, 4, 3, 2, 1], &[1, 2, 3], 2);
        case(&[1, 2, 3, 4, 5], &[1, 2, 3], 2);
    }

    #[test]
    fn what_is_not_kept_is_not_made() {
        let mut worst = Worst::new(1);
        worst.offer(1, || ());
        worst.offer(2, || unreachable!("a milder row is not made"));
        let mut none = Worst::new(0);
        none.offer(1, || unreachable!("there is no room"));
        assert_eq!((worst.left_out(), none.left_out()), (1, 1));
    }
}
