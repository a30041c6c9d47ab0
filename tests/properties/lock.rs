//! What the reader of lock files promises of any bytes: an error whose words no terminal minds, or a lock that is the same
//! again when it is written and read.

use cstore::lock::Lock;

pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    match Lock::read(bytes) {
        Err(error) => {
            assert!(!error.to_string().contains(['\u{1b}', '\n', '\r']), "control characters in {error:?}");
            vec!["refused"]
        }
        Ok(lock) => {
            let text = lock.text();
            assert_eq!(Lock::read(text.as_bytes()).as_ref(), Ok(&lock), "{text}");
            let number = lock.entries().count();
            assert!(
                lock.entries()
                    .all(|(_, entry)| lock.choose(&entry.context, Some(&entry.requirement)).map(|(_, entry)| entry)
                        == Ok(entry))
            );
            vec![match number {
                0 => "no entry",
                1 => "an entry",
                _ => "several entries",
            }]
        }
    }
}
