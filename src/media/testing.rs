//! What tests of the readers share, and what fuzz targets call.

#[cfg(test)]
mod damaged;
#[cfg(test)]
pub(crate) mod ordeal;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod promises;
#[cfg(test)]
mod second_opinion;
#[cfg(test)]
pub(crate) mod trial;
