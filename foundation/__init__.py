"""What PinApp stands on and what knows neither Pins nor Pinterest nor Django."""
