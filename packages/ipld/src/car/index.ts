export { type Car, type CarLimits, CarWriter, decodeCar, encodeCar, loadCar } from './car.ts'
