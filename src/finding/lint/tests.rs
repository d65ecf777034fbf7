use super::*;
use crate::finding::reason::Reason;

#[test]
fn codes_are_unlike_each_other_and_the_apis() {
    let mut codes: Vec<&str> = Lint::ALL.iter().map(|remark| remark.info().code).collect();
    codes.extend(Reason::examples().iter().map(|reason| reason.info().code));
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
}
