//! The list of what the suite promises, for whoever makes tests of it.

/// Hands all promises to a macro.
macro_rules! promises {
    ($make:ident) => {
        $make!(
            in_each_kind: [
                what_is_not_there_is_none,
                what_was_put_is_got,
                the_sha256_that_was_put_is_answered_and_an_object_is_in_no_archive,
                an_object_is_created_once,
                an_object_is_replaced_only_in_the_state_that_is_named,
                a_state_names_the_last_put,
                what_is_not_there_cannot_be_replaced,
                versions_are_kept_where_there_are_any,
                a_deleted_object_is_gone_and_can_be_created_anew,
                a_body_is_got_up_to_its_limit,
                bodies_share_a_budget_while_they_are_held,
                an_empty_body_is_a_body,
                metadata_comes_back_with_names_in_lower_case,
                any_key_is_the_key_that_was_put,
                keys_are_listed_by_prefix_in_order,
                any_key_is_listed_as_it_is,
                folders_are_listed_without_what_is_in_them,
                objects_are_listed_with_their_state_and_size,
                an_object_is_deleted_only_in_the_state_that_is_named,
                what_is_not_there_can_be_deleted,
                a_kms_key_is_answered,
                of_many_who_create_one_does,
                of_many_who_replace_one_does,
            ],
            of_keys_that_no_file_can_have: [
                a_key_may_have_an_empty_part,
                a_key_may_be_the_beginning_of_others,
            ],
            of_deletes_at_once: [
                of_many_who_delete_one_state_one_does,
            ],
            of_versions_of_keys_that_no_xml_can_hold: [
                a_key_that_no_xml_can_hold_is_listed_with_its_versions,
            ],
            in_a_versioned_bucket: [
                any_key_is_listed_with_its_versions_as_it_is,
                a_deleted_version_is_gone,
                versions_are_listed_with_markers_by_key_and_the_oldest_first,
                more_versions_than_a_page_are_listed,
            ],
            // The pages are the same in the others, and a thousand puts take their time.
            in_an_unversioned_bucket: [
                more_keys_than_a_page_are_listed,
                an_object_without_a_version_of_its_own_is_listed_and_deleted_as_null,
            ],
        );
    };
}

pub(crate) use promises;
