"""An independent referee between the SDK and the mock."""
