//! The worst of many rows: a bounded selection, so that memory does not grow with the run.

use std::collections::BTreeMap;

/// Keeps the rows of the lowest ranks, at most `limit` of them, and counts the others.
#[derive(Debug)]
pub(super) struct TopN<R, T> {
    limit: usize,
    kept: BTreeMap<R, T>,
    omitted: u64,
}

impl<R: Ord, T> TopN<R, T> {
    /// Creates a selection of at most `limit` rows.
    pub(super) const fn new(limit: usize) -> Self {
        Self { limit, kept: BTreeMap::new(), omitted: 0 }
    }

    /// Adds a row, and returns the row that is omitted in exchange, if any. Lower ranks are worse; each rank is unique.
    pub(super) fn push(&mut self, rank: R, row: T) -> Option<T> {
        self.kept.insert(rank, row);
        if self.kept.len() <= self.limit {
            return None;
        }
        self.omitted += 1;
        self.kept.pop_last().map(|(_, mildest)| mildest)
    }

    /// Returns how many rows were omitted.
    pub(super) const fn omitted(&self) -> u64 {
        self.omitted
    }

    /// Returns the rows that were kept, the worst first.
    pub(super) fn take(&mut self) -> Vec<(R, T)> {
        std::mem::take(&mut self.kept).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_rows_are_kept_in_any_order() {
        let case = |ranks: &[u32], kept: &[u32], omitted: u64| {
            let mut worst = TopN::new(3);
            for rank in ranks {
                let _ = worst.push(*rank, rank * 10);
            }
            assert_eq!(worst.omitted(), omitted, "{ranks:?}");
            let rows: Vec<(u32, u32)> = kept.iter().map(|rank| (*rank, rank * 10)).collect();
            assert_eq!(worst.take(), rows, "{ranks:?}");
        };
        case(&[], &[], 0);
        case(&[3, 1, 2], &[1, 2, 3], 0);
        case(&[5, 4, 3, 2, 1], &[1, 2, 3], 2);
        case(&[1, 2, 3, 4, 5], &[1, 2, 3], 2);
    }

    #[test]
    fn the_omitted_row_is_returned() {
        let mut worst = TopN::new(1);
        assert_eq!(worst.push(2, "b"), None);
        assert_eq!(worst.push(3, "c"), Some("c"));
        assert_eq!(worst.push(1, "a"), Some("b"));
        assert_eq!(TopN::new(0).push(1, "a"), Some("a"));
    }
}
