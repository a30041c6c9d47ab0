//! Errors of other layers as those of a run.

use super::Error;
use crate::observer::Overdue;
use crate::s3::ConnectError;
use crate::store;

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(Box::new(error))
    }
}

impl From<Overdue> for Error {
    fn from(Overdue { limit, wait, others }: Overdue) -> Self {
        Self::Deadline { limit, wait, others }
    }
}

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Identity(error) => Self::Identity(error),
            ConnectError::Certificates(error) => Self::Certificates(error),
            ConnectError::Region(region) => Self::Region(region),
            ConnectError::Proxy(variable) => Self::Proxy(variable),
        }
    }
}
