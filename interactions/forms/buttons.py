"""What a publisher chooses for a button."""

from __future__ import annotations

from typing import Any

from django import forms

from interactions.policy.button_styles import LOOKS, SHAPES, SIZES, USUAL_WORDS, ButtonStyle


class ButtonStyleForm(forms.Form):
    """Words and look. What can't be read is taken as the usual: the page is only looked at."""

    use_required_attribute = False

    words = forms.CharField(label="Words on it", max_length=40)
    look = forms.ChoiceField(label="Look", choices=LOOKS)
    shape = forms.ChoiceField(label="Shape", choices=SHAPES)
    size = forms.ChoiceField(label="Size", choices=SIZES)

    def __init__(self, data: Any) -> None:
        usual = ButtonStyle()
        names = ("words", "look", "shape", "size")
        super().__init__({name: data.get(name) or getattr(usual, name) for name in names})

    def style(self) -> ButtonStyle:
        """What was chosen."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        words = str(chosen.get("words", USUAL_WORDS)).replace("\x00", "")
        return ButtonStyle(**{**chosen, "words": words})
