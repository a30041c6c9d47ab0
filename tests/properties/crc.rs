use crc_fast::{CrcAlgorithm, Digest, checksum};

/// The check values of the catalogue of CRCs (<https://reveng.sourceforge.io/crc-catalogue/>).
#[test]
fn what_stands_in_for_crc_fast_computes_the_crcs_of_these_names() {
    for (algorithm, check) in [
        (CrcAlgorithm::Crc32IsoHdlc, 0xcbf4_3926),
        (CrcAlgorithm::Crc32Iscsi, 0xe306_9283),
        (CrcAlgorithm::Crc64Nvme, 0xae8b_1486_0a79_9888),
    ] {
        let mut digest = Digest::new(algorithm);
        digest.update(b"1234");
        digest.update(b"56789");
        assert_eq!(digest.finalize(), check, "{algorithm:?}");
        assert_eq!(checksum(algorithm, b"123456789"), check, "{algorithm:?}");
    }
}
