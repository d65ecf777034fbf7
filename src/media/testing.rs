//! The test harness of the readers. The fuzz targets call its invariants.

#[cfg(test)]
pub(crate) mod builders;
pub(crate) mod compare;
pub(crate) mod feeder;
#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod growth;
#[doc(hidden)]
pub mod invariants;
#[cfg(test)]
pub(crate) mod mutate;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
