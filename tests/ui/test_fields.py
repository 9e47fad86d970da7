"""Form fields as people and screen readers meet them."""

import re

from django import forms

from tests.markup import squeezed


class PlantForm(forms.Form):
    name = forms.CharField(help_text="As on the label.", max_length=5)
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"data-counter": "500"}))
    indoor = forms.BooleanField(label="Lives indoors", required=False)
    light = forms.ChoiceField(
        choices=[("sun", "Sun"), ("shade", "Shade")], widget=forms.RadioSelect
    )

    def clean(self) -> None:
        if "Cactus" in self.data.get("notes", ""):
            raise forms.ValidationError("No cacti, <please>.")


def test_label_help_and_error_are_tied_to_their_field() -> None:
    html = squeezed(PlantForm({"name": "Monstera", "light": "sun"})["name"].as_field_group())
    assert '<label class="field-label" for="id_name">Name</label>' in html
    assert '<div class="field-help" id="id_name_helptext">As on the label.</div>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert re.search(r'<ul class="errorlist"[^>]* id="id_name_error"><li>Ensure this', html)


def test_a_field_that_may_stay_empty_says_so() -> None:
    html = squeezed(PlantForm()["notes"].as_field_group())
    assert '<span class="field-optional">optional</span>' in html


def test_a_counted_field_shows_its_limit_before_any_script_runs() -> None:
    html = squeezed(PlantForm()["notes"].as_field_group())
    assert '<span class="counter" id="id_notes_counter">up to 500 characters</span>' in html


def test_a_counted_field_shows_its_error_once() -> None:
    form = PlantForm({"name": "Fern", "light": "sun"})
    form.add_error("notes", "Too long a story.")
    assert form["notes"].as_field_group().count("Too long a story.") == 1


def test_a_checkbox_stands_inside_its_label() -> None:
    html = squeezed(PlantForm()["indoor"].as_field_group())
    assert re.search(
        r'<label class="check" for="id_indoor"><input type="checkbox"[^>]*>'
        r'<span class="field-label">Lives indoors</span></label>',
        html,
    )


def test_radio_buttons_stand_in_a_fieldset_with_a_legend() -> None:
    html = squeezed(PlantForm()["light"].as_field_group())
    assert html.strip().startswith('<fieldset class="field"')
    assert "<legend>Light</legend>" in html
    assert html.count('type="radio"') == 2


def test_errors_of_the_whole_form_take_the_focus_on_top_and_are_escaped() -> None:
    html = str(PlantForm({"name": "Ann", "light": "sun", "notes": "Cactus"}))
    assert html.index('role="alert"') < html.index('id="id_name"')
    assert 'tabindex="-1" data-focus' in html
    assert "No cacti, &lt;please&gt;." in html
