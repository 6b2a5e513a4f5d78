package com.centrovision.sync.up;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.SharedLab;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of a row is sent: the columns that were changed, whatever they are called and hold. */
class PatchesIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
        ClinicService.onDemand(lab, clinic, "crm_pipelines").close();
    }

    @Test
    void onlyWhatDiffersIsSent() {
        assertEquals("{\"b\": \"new\"}", patch("a,b,c", "{\"a\": 1, \"b\": \"old\"}", "{\"a\": 1, \"b\": \"new\"}"));
        assertEquals("{}", patch("a,b", "{\"a\": {\"x\": [1, 2]}}", "{\"a\": {\"x\": [1, 2]}, \"other\": 1}"));
    }

    @Test
    void anEmptiedColumnIsSentAndOneThatTheRowLacksIsNot() {
        assertEquals("{\"a\": null}", patch("a", "{\"a\": 1}", "{\"a\": null}"));
        assertEquals("{\"a\": null}", patch("a", "{}", "{\"a\": null}"));
        assertEquals("{}", patch("a", "{\"a\": 1}", "{}"));
        assertEquals("{\"a\": \"1\"}", patch("a", "{\"a\": 1}", "{\"a\": \"1\"}"));
    }

    @Test
    void aRowWithoutABaseIsSentWholeAndAnAbsentOneHasNoPatch() {
        assertEquals("{\"a\": 1, \"b\": null}", patch("a,b", null, "{\"a\": 1, \"b\": null}"));
        assertEquals("absent", patch("a", "{\"a\": 1}", null));
    }

    @Test
    void namesAndValuesAreTakenLiterally() {
        assertEquals(
                "{\"50% \\\"it's\\\" \\\\\": \"\\\"},{\\\"$sql$ % ' \\\\ñ\"}",
                patch("50% \"it's\" \\", "{}", "{\"50% \\\"it's\\\" \\\\\": \"\\\"},{\\\"$sql$ % ' \\\\ñ\"}"));
    }

    @Test
    void aTableMayHaveMoreColumnsThanAFunctionArguments() {
        assertEquals(
                1500L,
                clinic.value(
                                """
                                select (
                                  select count(*)
                                  from jsonb_object_keys((sync_patches(array_agg('c' || n), array[null::jsonb],
                                    array[jsonb_object_agg('c' || n, n)]))[1])
                                )
                                from generate_series(1, 1500) n
                                """)
                        .orElseThrow());
    }

    @Test
    void eachRowHasItsOwnPatchInTheRowsOrder() {
        assertEquals(
                "{\"{\\\"a\\\": 1}\",NULL,\"{}\",\"{\\\"a\\\": 4}\"}",
                clinic.value(
                                """
                                select sync_patches(array['a'], array['{"a": 0}', '{"a": 0}', '{"a": 3}', null]::jsonb[],
                                  array['{"a": 1}', null, '{"a": 3}', '{"a": 4}']::jsonb[])::text
                                """)
                        .orElseThrow());
    }

    private String patch(String columns, String base, String row) {
        return clinic.query(
                        "select coalesce((sync_patches(string_to_array(?, ','), array[?::jsonb], array[?::jsonb]))[1]::text, "
                                + "'absent') as patch",
                        columns,
                        base,
                        row)
                .get(0)
                .get("patch")
                .toString();
    }
}
